"""Refusals of this room."""

from django.db import OperationalError as DatabaseRefused

from passport.kernel.errors import PassportError

__all__ = ["DatabaseRefused", "Forgotten", "KeyMissing", "NotSetUp"]


class NotSetUp(PassportError):
    """This folder holds no node yet."""


class KeyMissing(PassportError):
    """The node's key file is gone or belongs to another node."""


class Forgotten(PassportError):
    """This person was erased; nothing of them may be stored again."""
