"""Refusals of this room."""

from passport.kernel.errors import Invalid


class NotAnEvent(Invalid):
    """This isn't something that a learner can have done."""
