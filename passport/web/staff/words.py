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


def rule_words() -> list[tuple[str, str]]:
    """Say when a lesson of each kind is done (C55)."""
    return [
        (_("Article"), _("Every page was seen to its end.")),
        (_("Video and audio"), _("Nine tenths of it were played.")),
        (_("Document"), _("Every page was turned to.")),
        (_("Quiz"), _("An attempt was handed in and reached the pass mark.")),
        (_("Course"), _("Every lesson of it is done. Opening a lesson alone completes nothing.")),
    ]
