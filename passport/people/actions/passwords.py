"""Passwords: set for somebody, or changed by oneself. Hashed before the writer is asked."""

from __future__ import annotations

from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid, NotAllowed
from passport.node.actions import writes
from passport.node.models import Stream
from passport.people.engine.hidden import open_one
from passport.people.engine.locking import let_unlock
from passport.people.engine.passwords import hashed, is_right
from passport.people.engine.registering import check_free_username, login, note_and_project
from passport.people.engine.scope import is_staff, person_changed_by
from passport.people.engine.signing_in import brake, end_sign_ins
from passport.people.errors import WrongSignIn
from passport.people.facts import PrivateLogin
from passport.people.models import Person, Way
from passport.people.policies import check_password, checked_username


def set_password(*, by: Actor, person: UUID, password: str, username: str | None = None) -> None:
    """Give somebody a password, with the first a user name; ends what the old one opened."""
    found = person_changed_by(by, person)
    check_password(password, is_staff=is_staff(person))
    hidden = open_one(found)
    if username is None and (hidden is None or not hidden.username):
        raise Invalid("Give a user name with the first password.")
    name = None if username is None else checked_username(username)
    hash_ = hashed(password)
    _set(by=by, person=person, private=PrivateLogin(username=name, password=hash_))
    let_unlock(person, password, hash_)


def change_own_password(
    *, by: Actor, present: str, password: str, sign_in: UUID | None = None
) -> None:
    """Change one's own password, knowing the present one; `sign_in` is the one that stays open."""
    if by.person is None:
        raise NotAllowed("You may not do this here.")
    brake.attempt((by.person, Way.PASSWORD))
    person = Person.objects.get(pk=by.person)
    hidden = open_one(person)
    if not is_right(hidden.password if hidden else "", present):
        raise WrongSignIn("This is not your present password.")
    brake.right((by.person, Way.PASSWORD))
    check_password(password, is_staff=is_staff(by.person))
    hash_ = hashed(password)
    _set(by=by, person=by.person, private=PrivateLogin(password=hash_), keep=sign_in)
    let_unlock(by.person, password, hash_)


@writes
def _set(*, by: Actor, person: UUID, private: PrivateLogin, keep: UUID | None = None) -> None:
    if private.username is not None:
        check_free_username(private.username, person=person)
    note_and_project(by, [login(Stream.of_person(person), private)])
    end_sign_ins(person, Way.PASSWORD, keep=keep)
