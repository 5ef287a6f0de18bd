"""What an event must be like before it is kept. Pure; every refusal is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from passport.records.errors import NotAnEvent
from passport.records.facts import EventData, Verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from passport.records.facts import EventBody, Response

LATEST: Final = 253_402_300_799_000
"""The end of the year 9999, in milliseconds: past this a clock shows nothing at all."""
LONGEST_MS: Final = 12 * 60 * 60 * 1000
"""The most active time that one event may add: no screen stays in use longer than a day's half."""
MOST_PAGES: Final = 10_000
MOST_SECONDS: Final = 100 * 60 * 60
MOST_PARTS: Final = 200
MOST_LETTERS: Final = 2_000
SLUG_LETTERS: Final = 64

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    Verb.OPENED: (),
    Verb.VIEWED: ("page", "of"),
    Verb.WATCHED: ("start", "end"),
    Verb.ANSWERED: ("attempt", "question", "response", "ms"),
    Verb.SUBMITTED: ("attempt",),
}
_GIVEN: Final = {
    verb: tuple(name in parts for name in EventData.__struct_fields__)
    for verb, parts in _PARTS.items()
}


def check_event(event: EventBody) -> None:
    """Raise `NotAnEvent` unless a learner can have done this."""
    check = _CHECKS.get(event.verb)
    if check is None:
        raise NotAnEvent("“%(verb)s” is not known here.", verb=event.verb[:SLUG_LETTERS])
    if not 0 <= event.at <= LATEST:
        raise NotAnEvent("The time that this carries is impossible.")
    if not 0 <= event.spent <= LONGEST_MS:
        raise NotAnEvent("This took longer than is possible.")
    if event.sealed is not UNSET:
        raise NotAnEvent("What is sealed, a node seals itself.")
    check(event.data)


def _check_parts(verb: Verb, data: EventData) -> None:
    """Refuse a part that is missing or that the verb has no use for; `data` holds no decisions."""
    given = (
        data.page is not None,
        data.of is not None,
        data.start is not None,
        data.end is not None,
        data.attempt is not None,
        data.question is not None,
        data.response is not None,
        data.ms is not None,
        data.mark is not None,
        data.score is not None,
        data.passed is not None,
        data.part is not None,
        data.percent is not None,
        data.done is not None,
        data.state is not None,
        data.statement is not None,
    )
    if given != _GIVEN[verb]:
        parts = ", ".join(_PARTS[verb]) or "–"
        raise NotAnEvent("“%(verb)s” comes with %(parts)s.", verb=verb.value, parts=parts)


def _check_opened(data: EventData) -> None:
    _check_parts(Verb.OPENED, data)


def _check_viewed(data: EventData) -> None:
    _check_parts(Verb.VIEWED, data)
    page, of = data.page or 0, data.of or 0
    if not 1 <= page <= of <= MOST_PAGES:
        raise NotAnEvent("There is no page %(page)s of %(of)s.", page=page, of=of)


def _check_watched(data: EventData) -> None:
    _check_parts(Verb.WATCHED, data)
    start, end = data.start or 0, data.end or 0
    if not 0 <= start < end <= MOST_SECONDS:
        raise NotAnEvent(
            "A recording can't be played from %(start)s to %(end)s.", start=start, end=end
        )


def _check_answered(data: EventData) -> None:
    _check_parts(Verb.ANSWERED, data)
    if not 0 < len(data.question or "") <= SLUG_LETTERS:
        raise NotAnEvent("An answer must say which question it is for.")
    if not 0 <= (data.ms or 0) <= LONGEST_MS:
        raise NotAnEvent("This took longer than is possible.")
    if _letters(data.response or "") > MOST_LETTERS:
        raise NotAnEvent("This answer is too long.")


def _check_submitted(data: EventData) -> None:
    _check_parts(Verb.SUBMITTED, data)


def _letters(response: Response) -> int:
    if isinstance(response, str):
        return len(response)
    if len(response) > MOST_PARTS:
        return MOST_LETTERS + 1
    if isinstance(response, list):
        return sum(map(len, response))
    return sum(len(left) + len(right) for left, right in response.items())


_CHECKS: Final[dict[str, Callable[[EventData], None]]] = {
    Verb.OPENED: _check_opened,
    Verb.VIEWED: _check_viewed,
    Verb.WATCHED: _check_watched,
    Verb.ANSWERED: _check_answered,
    Verb.SUBMITTED: _check_submitted,
}
