"""Hubs: how they join, and what is known of them."""
