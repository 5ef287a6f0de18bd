"""How the facts of a person's stream become rows.

A person's row is laid on a desk, each fact changes it there, and it is sealed and saved once: while
a class of forty is registered, or a parcel of people taken, children's answers wait for the writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from passport.kernel.text import fold, words
from passport.node.actions import project_register
from passport.node.models import Fact, Stream
from passport.node.queries import blind_index
from passport.people.engine import visits
from passport.people.engine.hidden import Hidden, open_hidden, seal_hidden
from passport.people.engine.times import noted_at
from passport.people.facts.identities import (
    is_tied,
    settle_identities,
    settle_site,
    site_of,
)
from passport.people.facts.shapes import (
    CardIssued,
    Joined,
    Left,
    LoginSet,
    PersonChanged,
    PersonRegistered,
    PrivateCard,
    PrivateLogin,
    PrivatePerson,
)
from passport.people.models import Departure, Membership, NameWord, Person


def project_person(fact: Fact) -> None:
    """Project one fact of a person's stream."""
    project_person_facts(fact.stream, [fact])


def project_person_facts(stream: Stream, facts: Iterable[Fact]) -> None:
    """Project facts of one person's stream together, at the cost of little more than one."""
    desk = _Desk(stream)
    for fact in facts:
        LAID[fact.kind](desk, fact)
    desk.save()


class _Desk:
    """One person's row, while facts are laid on it."""

    def __init__(self, stream: Stream) -> None:
        found = Person.objects.filter(pk=stream.key).first()
        self.stream = stream
        self.is_new = found is None
        self.person = found or Person(pk=stream.key)
        self.hidden = open_hidden(stream, self.person.sealed) or Hidden()
        self.is_reworded = False
        self.is_renamed = False
        self.is_moved = False
        self.is_first_seen = False

    # The facts

    def registered(self, fact: Fact) -> None:
        body = fact.read(PersonRegistered)
        self.is_first_seen = self.person.registered_at is None
        self.person.registered_at = noted_at(fact)
        self.person.registered_site_id = body.site
        won = self._won(fact, ["sex", "avatar", "given", "family", "contact"])
        self._set_clear(won, body)
        self._set_hidden(won, fact.private(PrivatePerson))
        self.is_moved = True

    def changed(self, fact: Fact) -> None:
        body = fact.read(PersonChanged)
        won = self._won(fact, body.fields)
        self._set_clear(won, body)
        self._set_hidden(won, fact.private(PrivatePerson))

    def login_set(self, fact: Fact) -> None:
        body = fact.read(LoginSet)
        won = self._won(fact, body.fields)
        self._set_clear(won, body)
        self._set_hidden(won, fact.private(PrivateLogin))

    def card_issued(self, fact: Fact) -> None:
        if not self._won(fact, ["card"]):
            return
        private = fact.private(PrivateCard)
        self.person.card = fact.read(CardIssued).id
        self.hidden.card = private.code if private else ""
        self.person.card_blind = _blind("card", self.hidden.card)
        self.is_reworded = True

    def joined(self, fact: Fact) -> None:
        body = fact.read(Joined)
        membership = Membership(
            id=body.id,
            person_id=self.person.one or self.person.id,
            noted_of=self.person.id,
            site_id=body.site,
            group_id=body.group,
            joined_at=noted_at(fact),
            stamp=f"{fact.hlc:020d} {fact.origin}",
        )
        Membership.objects.bulk_create([membership], ignore_conflicts=True)
        self.is_moved = True

    def left(self, fact: Fact) -> None:
        departure = Departure(membership_id=fact.read(Left).membership, at=noted_at(fact))
        Departure.objects.bulk_create([departure], ignore_conflicts=True)
        # Said at two places: they left when the first said so, whichever came here first.
        later = Departure.objects.filter(membership=departure.membership_id, at__gt=departure.at)
        later.update(at=departure.at)
        self.is_moved = True

    # What they have in common

    def _won(self, fact: Fact, fields: Iterable[str]) -> set[str]:
        return project_register(fact, self.person.id, fields)

    def _set_clear(self, won: set[str], body: object) -> None:
        for field in won & {"sex", "avatar"}:
            if hasattr(body, field):
                setattr(self.person, field, getattr(body, field))

    def _set_hidden(self, won: set[str], private: msgspec.Struct | None) -> None:
        if private is None:
            return
        empty = Hidden()
        for field in won & set(private.__struct_fields__):
            value = getattr(private, field)
            setattr(self.hidden, field, getattr(empty, field) if value is None else value)
        if "contact" in won:
            self.person.contact_blind = _blind("contact", self.hidden.contact)
        if "username" in won:
            self.person.username_blind = _blind("username", fold(self.hidden.username))
        self.is_reworded = True
        self.is_renamed |= bool(won & {"given", "family"})

    # The end

    def save(self) -> None:
        if self.is_reworded and self.stream.sealed_key is not None:
            self.person.sealed = seal_hidden(self.stream, self.hidden)
        if self.is_renamed:
            self._index_name()
        if self.is_moved:
            self._settle()
        self.person.save(force_insert=self.is_new)
        visits.forget_person(self.person.id)
        if (self.is_new or self.is_first_seen) and is_tied(self.person.id):
            settle_identities([self.person.id])

    def _index_name(self) -> None:
        if not self.is_new:
            NameWord.objects.filter(person=self.person.id).delete()
        named = sorted(set(words(self.hidden.name)))
        whole = " ".join(named) if len(named) > 1 else ""
        self.person.name_blind = _blind("whole name", whole)
        blinds = {blind_index("name", word) for word in named}
        NameWord.objects.bulk_create(
            [NameWord(person_id=self.person.id, word=blind) for blind in blinds]
        )

    def _settle(self) -> None:
        """Say where the person is now, from all that is known; or the one whom they count under."""
        if self.person.one is not None:
            settle_site(Person.objects.get(pk=self.person.one))
        self.person.site_id = site_of(self.person)


def _blind(purpose: str, text: str) -> bytes | None:
    return blind_index(purpose, text) if text else None


LAID: dict[str, Callable[[_Desk, Fact], None]] = {
    "person.registered@1": _Desk.registered,
    "person.changed@1": _Desk.changed,
    "login.set@1": _Desk.login_set,
    "card.issued@1": _Desk.card_issued,
    "membership.joined@1": _Desk.joined,
    "membership.left@1": _Desk.left,
}
