"""Refusals of this room."""

from django.db import OperationalError as DatabaseRefused

from passport.kernel.errors import NoRoom, PassportError

__all__ = ["DatabaseRefused", "KeyMissing", "NoRoom", "NotSetUp"]


class NotSetUp(PassportError):
    """This folder holds no node yet."""


class KeyMissing(PassportError):
    """The node's key file is gone or belongs to another node."""
