"""Finding people by what is sealed: words of the name, the contact, the user name, the card."""

from __future__ import annotations

from django.db.models import Q

from passport.kernel.codes import typed_code
from passport.kernel.errors import Invalid
from passport.kernel.text import fold, words
from passport.node.queries import blind_index
from passport.people.engine.contact import normalised
from passport.people.models import NameWord


def found_by(text: str) -> Q:
    """Match people by a search; every word must be one of the name's, in any order and spelling."""
    match = Q(username_blind=blind_index("username", fold(text.strip())))
    named = Q()
    for word in words(text):
        blind = blind_index("name", word)
        named &= Q(pk__in=NameWord.objects.filter(word=blind).values("person"))
    if named:
        match |= named
    code = typed_code(text)
    if code is not None:
        match |= Q(card_blind=blind_index("card", code))
    contact = _contact(text)
    if contact:
        match |= Q(contact_blind=blind_index("contact", contact))
    return match


def _contact(text: str) -> str:
    try:
        return normalised(text)
    except Invalid:
        return ""
