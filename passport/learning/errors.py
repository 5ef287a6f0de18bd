"""Refusals of this room."""

from passport.kernel.errors import Invalid, NotAllowed


class NotLearning(NotAllowed):
    """Only a person who is signed in learns, and only for themselves."""


class NotYourLearner(NotAllowed):
    """This learner belongs to another site."""


class TooMuch(Invalid):
    """More than one request may bring."""


class Unreadable(Invalid):
    """What the device sent isn't what a device sends."""
