"""What is known of a person and kept under that person's own key."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.node.actions import open_for_person, seal_for_person
from passport.node.models import Stream, StreamKind
from passport.node.queries import Prepared
from passport.people.models import Person

_PLACE = "people.Person"
_stream_of: Prepared[tuple[int, str, UUID, bytes]] = Prepared(
    lambda person: Stream.objects.filter(kind=StreamKind.PERSON, key=person).values_list(
        "pk", "kind", "key", "sealed_key"
    )
)


class Hidden(msgspec.Struct, omit_defaults=True):
    """The content of `Person.sealed`."""

    given: str = ""
    family: str = ""
    contact: str = ""
    """A phone number in E.164, or a mail address in lower case."""
    username: str = ""
    password: str = ""
    """An Argon2 hash."""
    picture_code: list[int] = []
    """Places of pictures in the kit's list of codes, in the order in which they are touched."""
    card: str = ""
    """The code of the one valid card."""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


def seal_hidden(stream: Stream, hidden: Hidden) -> bytes:
    return seal_for_person(stream, _PLACE, canonical(hidden))


def open_hidden(stream: Stream | None, sealed: bytes | memoryview[int] | None) -> Hidden | None:
    """Return what is known; None where the key isn't here, or nothing has arrived yet."""
    if stream is None or sealed is None or stream.sealed_key is None:
        return None
    try:
        return read(open_for_person(stream, _PLACE, bytes(sealed)), Hidden)
    except Damaged:
        return None


def open_all(people: Iterable[Person]) -> dict[UUID, Hidden]:
    """Open many people with one query; who can't be opened is left out."""
    sealed = {person.id: person.sealed for person in people if person.sealed is not None}
    if len(sealed) == 1:  # what every page of a learner asks
        streams = [
            Stream(pk=pk, kind=kind, key=key, sealed_key=sealed_key)
            for pk, kind, key, sealed_key in _stream_of(*sealed)
        ]
    else:
        streams = list(Stream.objects.filter(kind=StreamKind.PERSON, key__in=list(sealed)))
    opened = {stream.key: open_hidden(stream, sealed[stream.key]) for stream in streams}
    return {person: hidden for person, hidden in opened.items() if hidden is not None}


def open_one(person: Person) -> Hidden | None:
    return open_all([person]).get(person.id)
