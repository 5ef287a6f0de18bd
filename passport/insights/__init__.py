"""Indicators and their roll-ups, rebuilt from below."""
