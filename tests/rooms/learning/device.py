"""A learner's device: makes events as the browser does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from passport.kernel.ids import new_id
from passport.learning.actions import Receipt, read_events, record

if TYPE_CHECKING:
    from passport.kernel.actor import Actor
    from tests.rooms.learning.shelf import Shelf

NOON = 1_750_000_000_000


class Device:
    """Makes events with a clock that goes on a second at each."""

    def __init__(self, by: Actor, shelf: Shelf, at: int = NOON) -> None:
        self.by = by
        self.shelf = shelf
        self.at = at

    @property
    def person(self) -> UUID:
        assert self.by.person is not None
        return self.by.person

    def event(self, verb: str, lesson: str, spent: int = 0, **data: Any) -> dict[str, Any]:
        self.at += 1000
        return {
            "id": new_id().hex,
            "verb": verb,
            "version": self.shelf.version.hex,
            "lesson": self.shelf.lessons[lesson].hex,
            "at": self.at,
            "spent": spent,
            "data": {
                name: value.hex if isinstance(value, UUID) else value
                for name, value in data.items()
            },
        }

    def send(self, *events: dict[str, Any]) -> list[Receipt]:
        taken = read_events(msgspec.json.encode({"events": events}))
        assert not taken.refused
        return record(by=self.by, events=taken.events)

    def do(self, verb: str, lesson: str, spent: int = 0, **data: Any) -> Receipt:
        (receipt,) = self.send(self.event(verb, lesson, spent, **data))
        return receipt

    def read_article(self, lesson: str = "article", of: int = 3) -> Receipt:
        return self.send(
            self.event("opened", lesson),
            *(self.event("viewed", lesson, page=page, of=of) for page in range(1, of + 1)),
        )[-1]

    def answer(self, attempt: UUID, question: str, response: Any, ms: int = 2000) -> Receipt:
        return self.do(
            "answered", "quiz", attempt=attempt, question=question, response=response, ms=ms
        )

    def pass_quiz(self, attempt: UUID | None = None) -> Receipt:
        attempt = attempt or new_id()
        self.answer(attempt, "q1", "b")
        self.answer(attempt, "q2", "١٠٫٥")
        self.answer(attempt, "q3", ["Cat", "rug"])
        return self.do("submitted", "quiz", attempt=attempt)

    def fail_quiz(self) -> Receipt:
        attempt = new_id()
        self.answer(attempt, "q1", "a")
        return self.do("submitted", "quiz", attempt=attempt)

    def finish_all(self) -> Receipt:
        self.read_article()
        self.do("watched", "audio", start=0, end=18)
        self.do("viewed", "document", page=1, of=2)
        self.do("viewed", "document", page=2, of=2)
        return self.pass_quiz()
