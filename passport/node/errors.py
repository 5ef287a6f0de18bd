"""Refusals of this room."""

from django.db import OperationalError as DatabaseRefused

from passport.kernel.errors import NoRoom, PassportError

__all__ = [
    "DatabaseRefused",
    "Forgotten",
    "KeyMissing",
    "LockRefused",
    "Locked",
    "NoRoom",
    "NotRecovered",
    "NotRenewed",
    "NotSetUp",
    "Retired",
]


class NotSetUp(PassportError):
    """This folder holds no node yet."""


class KeyMissing(PassportError):
    """The node's key file is gone or belongs to another node."""


class Forgotten(PassportError):
    """This person was erased; nothing of them may be stored again."""


class Locked(PassportError):
    """This process has not been given the node's secrets yet."""


class NotRecovered(PassportError):
    """A backup of a key was not made, or doesn't open with what was given."""


class NotRenewed(PassportError):
    """The node's key can't be renewed or retired as things are."""


class Retired(PassportError):
    """A key that is valid no more."""


class LockRefused(PassportError):
    """Locking can't be switched as things are."""
