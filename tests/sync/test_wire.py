"""A parcel file is whole, or useful as far as it is whole, or refused in a sentence."""

from __future__ import annotations

import io

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.kernel.encoding import canonical, digest
from passport.kernel.errors import Damaged, PassportError
from passport.kernel.signing import new_seed, public_key, sign
from passport.sync.engine import wire
from passport.sync.errors import NotAParcel, NotForUs, TooNew

SEED = new_seed()
ORIGIN = f"{public_key(SEED).hex()}.{chr(49) * 16}"
US = public_key(new_seed()).hex()
IDENTITY = pyrage.x25519.Identity.generate()


def a_file(payloads: list[bytes], *, seed: bytes = SEED, to: str = US) -> bytes:
    manifest = wire.Manifest(
        parcel="0" * 32,
        file=1,
        sender=public_key(SEED).hex(),
        incarnation="1" * 16,
        to=to,
        made=1_700_000_000_000,
        program="0.1.0",
        runs=[
            wire.RunLine("country", ORIGIN, at, at, bytes(32), bytes(32), digest(payload))
            for at, payload in enumerate(payloads, 1)
        ],
    )
    signature = sign(seed, wire.PURPOSE, canonical(manifest))
    return wire.write_file(manifest, signature, payloads, str(IDENTITY.to_public()))


def opened(content: bytes) -> wire.Opened:
    return wire.open_file(io.BytesIO(content), [IDENTITY], [US])


PAYLOADS = [bytes([at]) * 30_000 for at in range(8)]
FILE = a_file(PAYLOADS)


def test_what_was_written_is_read() -> None:
    result = opened(FILE)
    assert result.whole
    assert [payload for _, payload in result.runs] == PAYLOADS


def test_a_carrier_reads_destination_and_size_only() -> None:
    clear = wire.read_clear_line(io.BytesIO(FILE))
    line, _, sealed = FILE.partition(b"\n")
    assert set(wire.ClearLine.__struct_fields__) == {"parcel", "to", "file", "size"}
    assert (clear.to, clear.size) == (US[:16], len(sealed))
    assert public_key(SEED).hex()[:16].encode() not in line


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FILE) - 1))
def test_a_file_cut_anywhere_gives_its_whole_runs_or_a_sentence(cut: int) -> None:
    try:
        result = opened(FILE[:cut])
    except PassportError:
        return
    found = [payload for _, payload in result.runs]
    assert found == PAYLOADS[: len(found)]
    assert not result.whole or found == PAYLOADS


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_never_believed(at: int, flip: int) -> None:
    changed = bytearray(FILE)
    changed[at] ^= flip
    try:
        result = opened(bytes(changed))
    except PassportError:
        return
    found = [payload for _, payload in result.runs]
    assert found == PAYLOADS[: len(found)]


def test_a_signature_by_somebody_else_is_refused() -> None:
    with pytest.raises(Damaged, match="signature"):
        opened(a_file(PAYLOADS, seed=new_seed()))


def test_a_parcel_for_another_place_is_to_be_carried_on() -> None:
    with pytest.raises(NotForUs):
        opened(a_file(PAYLOADS, to=public_key(new_seed()).hex()))


def test_a_newer_version_asks_for_an_update() -> None:
    with pytest.raises(TooNew, match="update"):
        opened(FILE.replace(b'"parcel":1', b'"parcel":2', 1))


@pytest.mark.parametrize(
    "junk", [b"", b"\n", b"PK\x03\x04", b"{}", b"[1]\n", b"x" * 2000, b"\xff\n"]
)
def test_other_files_are_not_parcels(junk: bytes) -> None:
    with pytest.raises(NotAParcel):
        opened(junk)


def test_a_bomb_is_not_unpacked() -> None:
    import zstandard

    bomb = zstandard.compress(bytes(200_000_000))
    assert len(bomb) < 20_000
    with pytest.raises(Damaged, match="larger"):
        wire.unpack(bomb)


@given(st.integers(0, 1 << 40))
def test_padding_adds_at_most_twelve_percent_and_hides_the_low_bits(size: int) -> None:
    padded = wire.padded(size)
    assert size <= padded <= size * 1.12 + 1
    assert wire.padded(padded) == padded
