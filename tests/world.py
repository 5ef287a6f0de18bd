"""The cast: people and places that tests are about, made through the actions that make real ones.

Two learners, Amina and Bilal, in the class Sunbirds at Mango School with their facilitator Fatou; a
stranger, Sam, who is facilitator at Baobab School with one learner, Chidi; Olga in the office and
Adam the administrator. `world` is the fixture; `browser(sign_in)` is a test client signed in as
somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from passport.kernel.actor import Actor
    from passport.people.actions import Registered
    from passport.people.models import Group, Person, SignIn, Site

PASSWORD = "correct horse"


@dataclass
class Staff:
    """Somebody who works here."""

    row: Person
    username: str

    @property
    def person(self) -> UUID:
        return self.row.id

    def sign_in(self) -> SignIn:
        from passport.people.actions import sign_in_with_password

        return sign_in_with_password(name=self.username, password=PASSWORD)

    @property
    def actor(self) -> Actor:
        return actor_of(self.sign_in())


@dataclass
class Learner:
    """Somebody who learns here."""

    made: Registered

    @property
    def person(self) -> UUID:
        return self.made.person

    def sign_in(self) -> SignIn:
        from passport.people.actions import sign_in_with_card
        from passport.people.queries import card_of

        code = card_of(machine(), self.person).code
        return sign_in_with_card(code=code)

    @property
    def actor(self) -> Actor:
        return actor_of(self.sign_in())


@dataclass
class World:
    """Everybody and everything."""

    mango: Site
    baobab: Site
    sunbirds: Group
    """Amina's and Bilal's class at Mango School."""
    kites: Group
    """Chidi's class at Baobab School."""
    amina: Learner
    bilal: Learner
    chidi: Learner
    facilitator: Staff
    """Fatou Ndiaye, at Mango School."""
    stranger: Staff
    """Sam Okoro, facilitator at Baobab School."""
    office: Staff
    """Olga Petit, office."""
    administrator: Staff
    """Adam Khoury, administrator."""

    @property
    def machine(self) -> Actor:
        return machine()


def machine() -> Actor:
    from passport.kernel.actor import Actor

    return Actor.machine()


def actor_of(sign_in: SignIn) -> Actor:
    from passport.people import queries

    actor = queries.actor_of(sign_in.id)
    assert actor is not None
    return actor


def browser(sign_in: SignIn | None = None, **headers: str) -> Client:
    """Return a client that is signed in (or not) as a browser would be."""
    from django.conf import settings
    from django.test import Client

    from passport.web.middleware import SIGN_IN

    client = Client(headers=headers or None)
    if sign_in is not None:
        session = client.session
        session[SIGN_IN] = sign_in.id.hex
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def make_staff(given: str, family: str, role: str, site: UUID | None = None) -> Staff:
    from passport.people.actions import add_staff

    username = given.lower()
    row = add_staff(
        by=machine(),
        given=given,
        family=family,
        username=username,
        password=PASSWORD,
        role=role,
        site=site,
    )
    return Staff(row, username)


def make_learner(group: Group, given: str, family: str = "", sex: str | None = None) -> Learner:
    from passport.people.actions import register_learner

    made = register_learner(
        by=machine(), site=group.site_id, group=group.id, given=given, family=family, sex=sex
    )
    return Learner(made)


def make_world() -> World:
    """Make the cast on the node under test, which must be a country."""
    from passport.people.actions import add_group, add_site

    mango = add_site(by=machine(), name="Mango School", ways=["picture", "card", "password"])
    baobab = add_site(by=machine(), name="Baobab School")
    sunbirds = add_group(by=machine(), site=mango.id, name="Sunbirds")
    kites = add_group(by=machine(), site=baobab.id, name="Kites")
    return World(
        mango=mango,
        baobab=baobab,
        sunbirds=sunbirds,
        kites=kites,
        amina=make_learner(sunbirds, "Amina", "Diallo", "female"),
        bilal=make_learner(sunbirds, "Bilal", "Haddad", "male"),
        chidi=make_learner(kites, "Chidi", "Eze"),
        facilitator=make_staff("Fatou", "Ndiaye", "facilitator", mango.id),
        stranger=make_staff("Sam", "Okoro", "facilitator", baobab.id),
        office=make_staff("Olga", "Petit", "office"),
        administrator=make_staff("Adam", "Khoury", "administrator"),
    )


def forget() -> None:
    """Forget what this process remembers of sign-ins between requests."""
    from passport.people.actions.holding import told
    from passport.people.engine import seen, visits
    from passport.people.engine.signing_in import brake
    from passport.web.learner import shelves

    shelves.forget()
    brake.forget()
    visits.forget_all()
    seen.forget()
    told.forget()


@pytest.fixture
def world(node: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give a test the whole cast on a country node of its own."""
    from argon2 import PasswordHasher

    from passport.people.engine import passwords
    from tests.support.clocks import time_is_turned
    from tests.support.remembering import remembered

    # Hashes that cost nothing: four of the cast have a password, in every test.
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    forget()
    return make_world() if time_is_turned() else remembered(make_world)
