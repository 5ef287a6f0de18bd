"""What of a chain holds: whatever is damaged is found, and nothing else is blamed for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.care.engine.chains import Row, State, hash_of, walk
from passport.kernel.chain import ROOT

ORIGIN, STREAM = "ab" * 32 + ".0011223344556677", "person:" + "1" * 32


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    prev = ROOT
    for seq in range(1, length + 1):
        row = Row(seq, 1000 + seq, "event@1", b'{"n":%d}' % seq, None, b"")
        prev = hash_of(ORIGIN, STREAM, row, prev)
        rows.append(row._replace(hash=prev))
    return rows


def said(rows: list[Row], *, until: int | None = None, head: bytes | None = None) -> list[str]:
    """Judge rows; returns what is not well, as `state first-last`."""
    sound = chain(max((row.seq for row in rows), default=0))
    found = walk(
        ORIGIN,
        STREAM,
        rows,
        until=(rows[-1].seq if rows else 0) if until is None else until,
        head=(sound[-1].hash if sound else b"") if head is None else head,
    )
    return [
        f"{one.state.value} {one.first}-{one.last}" for one in found if one.state is not State.HOLDS
    ]


OTHER = b"\x01" * 32


def changed(number: int, **to: Any) -> list[Row]:
    rows = chain(6)
    rows[number - 1] = rows[number - 1]._replace(**to)
    return rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (chain(6), []),
        ([], []),
        (changed(3, body=b'{"n":9}'), ["bad 3-3"]),
        (changed(3, hlc=1), ["bad 3-3"]),
        (changed(3, kind="event@2"), ["bad 3-3"]),
        (changed(3, dep=b'{"x":1}'), ["bad 3-3"]),
        (changed(3, hash=OTHER), ["hash 3-3"]),
        (changed(1, hash=OTHER), ["hash 1-1"]),
        (changed(1, body=b"{}"), ["bad 1-1"]),
        (changed(6, body=b"{}"), ["bad 6-6"]),
        (changed(6, hash=OTHER), ["hash 6-6"]),
        # What follows a gap can't be compared with what was before it
        ([row for row in chain(6) if row.seq != 3], ["missing 3-3", "bad 4-4"]),
        ([row for row in chain(6) if row.seq > 2], ["missing 1-2", "bad 3-3"]),
        ([row for row in changed(4, body=b"{}") if row.seq != 3], ["missing 3-3", "bad 4-4"]),
    ],
)  # fmt: skip
def test_each_kind_of_damage_is_named_and_nothing_beside_it(
    rows: list[Row], expected: list[str]
) -> None:
    assert said(rows) == expected


def test_rows_that_are_gone_from_the_end_are_missed() -> None:
    rows = chain(6)
    assert said(rows[:4], until=6, head=rows[5].hash) == ["missing 5-6"]
    assert said([], until=6, head=rows[5].hash) == ["missing 1-6"]


def test_a_head_that_forgot_or_misremembers_is_put_right_from_the_rows() -> None:
    rows = chain(6)
    assert said(rows, until=4, head=rows[3].hash) == ["head 6-6"]
    assert said(rows, until=6, head=OTHER) == ["head 6-6"]
    assert said(rows, until=900, head=rows[5].hash) == ["head 6-6"]
    assert said(rows, until=0, head=b"") == ["head 6-6"]


@given(
    length=st.integers(1, 12),
    number=st.integers(0, 11),
    bit=st.integers(0, 255),
    column=st.sampled_from(["body", "hash", "hlc"]),
)
def test_any_flipped_bit_of_a_chained_column_is_found(
    length: int, number: int, bit: int, column: str
) -> None:
    rows = chain(length)
    row = rows[number % length]
    value: Any = getattr(row, column)
    if column == "hlc":
        value ^= 1 << (bit % 40)
    else:
        place = bit // 8 % len(value)
        value = value[:place] + bytes([value[place] ^ 1 << bit % 8]) + value[place + 1 :]
    rows[number % length] = row._replace(**{column: value})
    found = said(rows)
    assert found == [f"{'hash' if column == 'hash' else 'bad'} {row.seq}-{row.seq}"]
