"""What of a chain holds, and what doesn't: every entry against the one before it and the one after.

Pure: rows in, verdicts out, one at a time, so that a journal of any size can be walked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from passport.kernel.chain import ROOT, entry_hash


class Row(NamedTuple):
    """One row of the journal as the database holds it."""

    seq: int
    hlc: int
    kind: str
    body: bytes
    dep: bytes | None
    hash: bytes


class State(Enum):
    """What is the matter with a row, or with the place of one."""

    HOLDS = "holds"
    HASH = "hash"
    """Its own hash was damaged and nothing else: `Found.row` has the right one."""
    BAD = "bad"
    """It isn't what was written, or nothing is left to compare it with."""
    MISSING = "missing"
    HEAD = "head"
    """The rows hold, and what the head remembers of the last of them (`Found.row`) doesn't."""


class Found(NamedTuple):
    """A row, or a stretch of places without one, and what is the matter."""

    state: State
    first: int
    last: int
    row: Row | None = None
    prev: bytes | None = None
    """The hash of the entry before, where it is known."""


def walk(
    origin: str, stream: str, rows: Iterable[Row], *, until: int = 0, head: bytes = b""
) -> Iterator[Found]:
    """Walk one origin's rows of one stream, in order of `seq`.

    `until` and `head` are the last place and its hash, as the head of the chain remembers them
    apart from the rows. A row whose hash doesn't follow is judged by the row after it: whichever
    hash that one was made over, the stored or the computed, is the right one.
    """

    def made(row: Row, before: bytes) -> bytes:
        return hash_of(origin, stream, row, before)

    def follows(hashed: bytes, row: Row, after: Row | None) -> bool:
        if row.seq == until:
            return hashed == head
        return after is not None and after.seq == row.seq + 1 and made(after, hashed) == after.hash

    place, prev = 0, ROOT  # the last place that was looked at, and its hash: b"" where not known
    last: Row | None = None  # the row there, where it holds
    for row, after in _with_next(rows):
        if row.seq <= place:  # a second row for a place: its number was damaged
            yield Found(State.BAD, row.seq, row.seq, row)
            continue
        if row.seq > place + 1:
            yield Found(State.MISSING, place + 1, row.seq - 1)
            prev = b""
        place = row.seq
        hashed = made(row, prev) if prev else b""
        if hashed == row.hash or (hashed and follows(hashed, row, after)):
            state = State.HOLDS if hashed == row.hash else State.HASH
            last = row._replace(hash=hashed)
            yield Found(state, place, place, last, prev)
            prev = hashed
        else:
            last = None
            yield Found(State.BAD, place, place, row)
            prev = row.hash if follows(row.hash, row, after) else b""
    if last is not None and (place > until or (place == until) != (last.hash == head)):
        yield Found(State.HEAD, place, place, last)
    elif place < until:
        yield Found(State.MISSING, place + 1, until)


def hash_of(origin: str, stream: str, row: Row, prev: bytes) -> bytes:
    """Work out the hash that a row should have."""
    return entry_hash(
        origin=origin,
        stream=stream,
        seq=row.seq,
        prev=prev,
        dep=row.dep,
        hlc=row.hlc,
        kind=row.kind,
        body=row.body,
    )


def _with_next(rows: Iterable[Row]) -> Iterator[tuple[Row, Row | None]]:
    before: Row | None = None
    for row in rows:
        if before is not None:
            yield before, row
        before = row
    if before is not None:
        yield before, None
