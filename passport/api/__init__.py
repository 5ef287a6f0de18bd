"""Doors in JSON and on the wire."""
