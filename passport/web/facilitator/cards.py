"""Sign-in cards on paper, of a class or of one learner."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from passport.kernel.permissions import Permission
from passport.people import queries
from passport.web.facilitator.qr import card_address
from passport.web.kit.pictures import avatar_key
from passport.web.staff.guard import staff


@require_safe
def of_class(request: HttpRequest, group: UUID) -> HttpResponse:
    """Print the cards of everybody in a class."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    return _printed(queries.cards_of(by, group), "cards.pdf")


@require_safe
def of_one(request: HttpRequest, person: UUID) -> HttpResponse:
    """Print one learner's card."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    return _printed([queries.card_of(by, person)], "card.pdf")


def _printed(faces: Sequence[queries.CardFace], name: str) -> HttpResponse:
    # What makes PDFs is large; a server has it in memory only once somebody has printed a card.
    from passport.web.facilitator.card_sheet import Card, sheet  # noqa: PLC0415 - see above

    cards = [
        Card(
            given=face.given,
            family=face.family,
            picture=avatar_key(face.avatar),
            code=face.code,
            address=card_address(face.code),
            place=" · ".join(part for part in (face.site_name, face.group_name) if part),
        )
        for face in faces
    ]
    answer = HttpResponse(
        sheet(cards, from_right=get_language_bidi()), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"  # A card opens the door: no copy stays on a shared tablet.
    return answer
