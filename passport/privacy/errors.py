"""Refusals of this room."""

from passport.kernel.errors import PassportError

__all__ = ["CannotErase"]


class CannotErase(PassportError):
    """This can't be erased, or not here."""
