"""Refusals of this room."""

from passport.kernel.errors import Invalid


class EnrolmentRefused(Invalid):
    """This enrolment file, or the hub that presents it, can't be admitted."""
