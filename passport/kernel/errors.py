"""What went wrong, in words that a person can act on."""

from __future__ import annotations


class PassportError(Exception):
    """A refusal with a sentence for people.

    `message` is an English sentence and at the same time the key of its translations; `params`
    fill its `%(name)s` places. Doors translate, rooms never do.
    """

    message: str
    params: dict[str, object]

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NotAllowed(PassportError):
    """This person may not do this here."""


class NotFound(PassportError):
    """There is no such thing, or this person may not know that there is."""


class Invalid(PassportError):
    """What was given can't be taken as it is."""


class Damaged(PassportError):
    """Bytes from outside that are cut short, changed, or not ours to open."""


class NoRoom(PassportError):
    """The disk is too full for this; what is left belongs to learners' answers."""
