"""Words for values that rooms keep as keys."""

from __future__ import annotations

from django.utils.translation import gettext as _

from passport.kernel.permissions import RoleName
from passport.people.models import Sex


def sex_words() -> dict[str | None, str]:
    """Say a sex; not saying is an answer that is shown (R103)."""
    return {
        Sex.FEMALE.value: _("Female"),
        Sex.MALE.value: _("Male"),
        Sex.OTHER.value: _("Other"),
        None: _("Not provided"),
    }


def role_words() -> dict[str, str]:
    """Say a role."""
    return {
        RoleName.LEARNER.value: _("Learner"),
        RoleName.FACILITATOR.value: _("Facilitator"),
        RoleName.OFFICE.value: _("Office"),
        RoleName.ADMINISTRATOR.value: _("Administrator"),
    }


def kind_words() -> dict[str, str]:
    """Say the kind of a lesson."""
    return {
        "article": _("Article"),
        "video": _("Video"),
        "audio": _("Audio"),
        "document": _("Document"),
        "quiz": _("Quiz"),
    }
