"""Refusals of this room."""

from passport.kernel.errors import Damaged, NoRoom, PassportError

__all__ = [
    "BackupDamaged",
    "BeyondSaving",
    "NoBackup",
    "NoRoom",
    "NotOurs",
    "StopFirst",
    "TakesPlace",
    "TooNew",
]


class StopFirst(PassportError):
    """The server is running, and works on what is to be mended or exchanged."""


class NoBackup(PassportError):
    """There is no whole backup in this folder."""


class NotOurs(PassportError):
    """It was made by another node, or the key file beside the data is another node's."""


class TooNew(PassportError):
    """Made by a newer version of the program than this one."""


class BackupDamaged(Damaged):
    """Not what its maker signed, or cut short; nothing of it was used."""


class BeyondSaving(PassportError):
    """Of the database not even the list of its tables can be read."""


class TakesPlace(PassportError):
    """There is a database here already, and nobody said that it may be replaced."""
