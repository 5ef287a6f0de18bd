"""What is allowed, and what a value must be like. Pure; a refusal is a sentence for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid, NotAllowed
from passport.kernel.permissions import Permission, RoleName
from passport.kernel.role import Role
from passport.people.models import HOW_LONG_A_NAME, Sex, Way

AVATARS: Final = 40
"""How many pictures stand for people (`web/kit/pictures.py`); `avatar` is a place in that list."""
CODE_PICTURES: Final = 12
"""How many pictures a picture code is made of."""
CODE_LENGTH: Final = 3
SHORTEST_PASSWORD: Final = 8
SHORTEST_LEARNER_PASSWORD: Final = 4
"""A learner's password keeps neighbours out; the wait after wrong attempts does the rest."""
SHORTEST_REASON: Final = 10
LONGEST_LIST: Final = 200
STAFF: Final = frozenset({RoleName.FACILITATOR, RoleName.OFFICE, RoleName.ADMINISTRATOR})
DEFAULT_WAYS: Final = (Way.PICTURE, Way.CARD)


# Who may


def check_may(by: Actor, permission: Permission, *, site: UUID | None = None) -> None:
    """Refuse unless a role of `by` allows it, at this site where one is named."""
    if not by.may(permission, site=site):
        raise NotAllowed("You may not do this here.")


def check_may_either(by: Actor, *permissions: Permission, site: UUID | None = None) -> None:
    """Refuse unless one of the permissions is held."""
    if not any(by.may(permission, site=site) for permission in permissions):
        raise NotAllowed("You may not do this here.")


def check_speaks_for_country(role: Role) -> None:
    """Refuse on a node that only reports: sites and roles come from the country."""
    if not role.may_publish:
        raise NotAllowed("This is decided in the country office, not on a hub.")


def check_may_change(by: Actor, *, site: UUID | None, is_staff: bool) -> None:
    """Refuse unless `by` may change this person's login and details.

    Staff are changed by those who manage staff alone, so that a facilitator can't take over the
    account of a colleague or of the office.
    """
    if is_staff:
        check_may(by, Permission.MANAGE_STAFF)
    else:
        check_may(by, Permission.MANAGE_LEARNERS, site=site)


def check_grantable(role: str, site: UUID | None) -> RoleName:
    """Return the staff role; a facilitator is always for one site, the office for the country."""
    if role not in STAFF:
        raise Invalid("There is no such role: %(role)s", role=role)
    name = RoleName(role)
    if name is RoleName.FACILITATOR and site is None:
        raise Invalid("Say at which site this person is a facilitator.")
    if name is not RoleName.FACILITATOR and site is not None:
        raise Invalid("This role is for the whole country, not for one site.")
    return name


# What a value must be like


def checked_name(text: str) -> str:
    """Return a place's name without needless spaces. Raises `Invalid` for none, or a long one."""
    name = " ".join(text.split())
    if not name:
        raise Invalid("Give a name.")
    return checked_length(name)


def checked_given(text: str) -> str:
    """Return a first name without needless spaces: the one thing that a person must have."""
    if not text.strip():
        raise Invalid("Give a first name.")
    return checked_name(text)


def checked_length(name: str) -> str:
    if len(name) > HOW_LONG_A_NAME:
        raise Invalid("A name can have %(most)s letters at most.", most=HOW_LONG_A_NAME)
    if any(ord(letter) < ord(" ") for letter in name):
        raise Invalid("A name can't hold control characters.")
    return name


def checked_family(text: str) -> str:
    """Return a family name; many people have none."""
    return checked_length(" ".join(text.split()))


def checked_sex(sex: str | None) -> str | None:
    if sex is not None and sex not in Sex.values:
        raise Invalid("This is not one of the answers: %(answer)s", answer=sex)
    return sex


def checked_ways(ways: Collection[str]) -> list[str]:
    """Return the ways in their fixed order, each once."""
    unknown = sorted(set(ways) - set(Way.values))
    if unknown:
        raise Invalid("There is no such way to sign in: %(way)s", way=unknown[0])
    if not ways:
        raise Invalid("Choose at least one way to sign in.")
    return [way.value for way in Way if way.value in ways]


def checked_picture_code(code: Sequence[int]) -> list[int]:
    if len(code) != CODE_LENGTH or not all(0 <= picture < CODE_PICTURES for picture in code):
        raise Invalid("A picture code is made of %(count)s pictures.", count=CODE_LENGTH)
    return list(code)


def checked_avatar(avatar: int) -> int:
    if not 0 <= avatar < AVATARS:
        raise Invalid("There is no such picture.")
    return avatar


def checked_username(text: str) -> str:
    username = text.strip()
    if not username or len(username) > HOW_LONG_A_NAME or any(map(str.isspace, username)):
        raise Invalid("A user name is one word.")
    if "@" in username or username.lstrip("+").isdecimal():
        raise Invalid("A user name can't be a phone number or a mail address.")
    return username


def check_password(password: str, *, is_staff: bool) -> None:
    least = SHORTEST_PASSWORD if is_staff else SHORTEST_LEARNER_PASSWORD
    if len(password) < least:
        raise Invalid("A password needs at least %(least)s characters.", least=least)
    if len(password) > 1000:  # noqa: PLR2004 - hashing is not asked to read a book
        raise Invalid("This password is too long.")


def checked_reason(text: str) -> str:
    """Return why a name is opened; a few letters are no reason."""
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Invalid("Say in a few words why you need to see this name.")
    return reason[:300]
