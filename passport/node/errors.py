"""Refusals of this room."""

from django.db import OperationalError as DatabaseRefused

from passport.kernel.errors import PassportError

__all__ = ["DatabaseRefused", "KeyMissing", "LockRefused", "Locked", "NotSetUp"]


class NotSetUp(PassportError):
    """This folder holds no node yet."""


class KeyMissing(PassportError):
    """The node's key file is gone or belongs to another node."""


class Locked(PassportError):
    """This process has not been given the node's secrets yet."""


class LockRefused(PassportError):
    """Locking can't be switched as things are."""
