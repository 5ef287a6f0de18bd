"""Refusals of this room."""

from passport.kernel.errors import NotFound


class NoSuchFigure(NotFound):
    """`indicators.toml` defines no such figure."""
