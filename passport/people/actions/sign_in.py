"""At the door: by card, by picture, by password. Local to this machine, never noted in the journal.

What was typed is checked before the writer is asked for anything, so that guessing costs the
guesser alone. A wrong secret and an unknown name give the same answer after the same work.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from passport.kernel.codes import typed_code
from passport.kernel.errors import Invalid
from passport.kernel.text import fold
from passport.node.queries import blind_index
from passport.people.engine import seen
from passport.people.engine.contact import normalised
from passport.people.engine.devices import Device
from passport.people.engine.hidden import Hidden, open_all
from passport.people.engine.locking import let_unlock
from passport.people.engine.passwords import is_right
from passport.people.engine.scope import is_staff, open_grants
from passport.people.engine.signing_in import brake, signed_in, signed_out
from passport.people.errors import WayClosed, WrongSignIn
from passport.people.models import Membership, Person, SignIn, Way

ANY_DEVICE = Device()
MOST_NAMESAKES = 5
"""Hubs make user names apart from one another, so a few people may share one."""


def sign_in_with_card(*, code: str, device: Device = ANY_DEVICE, client: str = "") -> SignIn:
    """Sign in by the code of a card, scanned or typed.

    Raises `WrongSignIn`, `WayClosed`, `TooSoon`.

    A right code is always let in: sixty random bits can't be guessed, and one child's wrong typing
    on a shared tablet must not keep the next child out. Wrong ones wait by `client`.
    """
    typed = typed_code(code)
    person = _by_card(typed) if typed else None
    if person is None:
        brake.attempt((Way.CARD, client))
        raise WrongSignIn("This card is not known here. Ask for help.")
    _check_way(person, Way.CARD)
    return signed_in(person, Way.CARD, device)


def _by_card(code: str) -> Person | None:
    """Find whose card it is by its blind index alone: the door opens where the key has lapsed, too."""
    return _with_sites().filter(card_blind=blind_index("card", code)).first()


def sign_in_with_picture(
    *, person: UUID, code: Sequence[int], device: Device = ANY_DEVICE, client: str = ""
) -> SignIn:
    """Sign in by three pictures, touched in order. Raises `WrongSignIn`, `WayClosed`, `TooSoon`.

    Wrong attempts wait by person, and for a person who isn't here by `client`.
    """
    found = _with_sites().filter(pk=person).first()
    key = (person if found else client, Way.PICTURE)
    brake.attempt(key)
    hidden = open_all([found]).get(found.id, Hidden()) if found else Hidden()
    right = ",".join(map(str, hidden.picture_code))
    touched = ",".join(map(str, code))
    if found is None or not right or not hmac.compare_digest(right.encode(), touched.encode()):
        raise WrongSignIn("These are not your pictures. Try again.")
    brake.right(key)
    _check_way(found, Way.PICTURE)
    return signed_in(found, Way.PICTURE, device)


def sign_in_with_password(
    *, name: str, password: str, device: Device = ANY_DEVICE, client: str = ""
) -> SignIn:
    """Sign in by user name, phone number or mail address.

    Raises `WrongSignIn`, `WayClosed`, `TooSoon`.
    """
    people = _by_name(name)
    if not people:
        key = (client, blind_index("unknown", fold(name.strip())))
        brake.attempt(key)
        is_right("", password)
        raise _wrong_password()
    return _with_password(people, password, device)


def _with_password(people: list[Person], password: str, device: Device) -> SignIn:
    for person in people:
        brake.attempt((person.id, Way.PASSWORD))
    opened = open_all(people)
    for person in people:
        hidden = opened.get(person.id, Hidden())
        if is_right(hidden.password, password):
            for namesake in people:
                brake.right((namesake.id, Way.PASSWORD))
            _check_way(person, Way.PASSWORD)
            made = signed_in(person, Way.PASSWORD, device)
            let_unlock(person.id, password, hidden.password)
            return made
    raise _wrong_password()


def _wrong_password() -> WrongSignIn:
    return WrongSignIn("The name or the password is not right.")


def _by_name(name: str) -> list[Person]:
    text = name.strip()
    people = list(
        _with_sites().filter(username_blind=blind_index("username", fold(text)))[:MOST_NAMESAKES]
    )
    if people or not text:
        return people
    try:
        contact = normalised(text)
    except Invalid:
        return []
    found = _with_sites().filter(contact_blind=blind_index("contact", contact))
    return list(found[:MOST_NAMESAKES])


def _with_sites() -> QuerySet[Person]:
    return Person.objects.filter(one=None).select_related("site")


def _check_way(person: Person, way: Way) -> None:
    """Refuse a way that isn't open to this person: staff by password alone, learners by site."""
    if is_staff(person.id):
        if way != Way.PASSWORD:
            raise WayClosed("Staff sign in with a password.")
        if not open_grants().filter(person=person.id).exists():
            raise _wrong_password()
    elif not Membership.objects.filter(person=person.id).exists():
        raise WrongSignIn("This person is not in a class here. Ask for help.")
    elif person.site is None or way not in person.site.ways:
        raise WayClosed("This way of signing in is closed at your site. Ask for help.")


def sign_out(*, sign_in: UUID) -> None:
    """End a sign-in; a second time changes nothing. Whoever holds the session may."""
    signed_out(sign_in)


def touch(*, sign_in: UUID) -> None:
    """Say that somebody is here; written at most once a minute, with others, behind the request."""
    seen.touch(sign_in)
