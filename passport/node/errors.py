"""Refusals of this room."""

from django.db import OperationalError as DatabaseRefused

from passport.kernel.errors import PassportError

__all__ = ["DatabaseRefused", "KeyMissing", "LockRefused", "Locked", "NotRecovered", "NotSetUp"]


class NotSetUp(PassportError):
    """This folder holds no node yet."""


class KeyMissing(PassportError):
    """The node's key file is gone or belongs to another node."""


class Locked(PassportError):
    """This process has not been given the node's secrets yet."""


class NotRecovered(PassportError):
    """A backup of a key was not made, or doesn't open with what was given."""


class LockRefused(PassportError):
    """Locking can't be switched as things are."""
