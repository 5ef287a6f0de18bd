r"""The bytes of a parcel file, version 1 (`docs/protocol.md` states them for other implementations).

A parcel is one or more files of bounded size. Every file stands on its own: it has its own signed
manifest, so half a stick still yields its whole files, and half a file its whole frames.

    clear line     {"file":1,"parcel":1,"size":…,"to":"<first 16 hex of the recipient's key>"}\n
    age envelope   to the recipient; inside, frames: type (1 byte), length (4, big-endian), payload
        M          the manifest, canonical JSON, zstd
        S          Ed25519 over the manifest
        R          a run of entries, in the manifest's order
        C          what of a blob is the same as in others, in the manifest's order
        B          a piece of a blob, in the manifest's order
        P          zeros, so that the size tells little (PADMÉ, Nikitin et al. 2019, section 4)

Nothing in here reads a database: bytes in, values out, and the other way round.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, BinaryIO

import msgspec
import pyrage
import zstandard
from msgspec import Meta

from passport.kernel.encoding import canonical, digest, read
from passport.kernel.errors import Damaged
from passport.kernel.sealing import is_recipient
from passport.kernel.signing import verifies
from passport.sync.errors import NotAParcel, NotForUs, TooNew, UsedUp

VERSION = 1
PURPOSE = "passport parcel 1"
SEAL_PURPOSE = "passport run 1"
ROUTE_HEX = 16
LINE_BYTES = 512
RUN_BYTES = 1024 * 1024
"""No run or piece is longer than this once it is unpacked, plus one entry."""
UNPACKED_BYTES = 4 * RUN_BYTES
MANIFEST_BYTES = 64 * 1024 * 1024
TIMES = 50
"""Beyond the first `RUN_BYTES`, nothing unpacks to more than so many times its size."""
FILE_BYTES = 256 * 1024 * 1024
"""No more of a file is read, whatever lies on a stick."""
FRAME_HEADER = 5

# What the members of a manifest may be: they come from outside, and go into tables.
Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Key = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Incarnation = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}\Z")]
OriginName = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\.[0-9a-f]{16}\Z")]
StreamName = Annotated[str, Meta(pattern=r"\A(country|(site|person):[0-9a-f]{32})\Z")]
Text = Annotated[str, Meta(pattern=r"\A[^\0]*\Z", max_length=300)]
Number = Annotated[int, Meta(ge=0, le=2**62)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]


class RunLine(msgspec.Struct, omit_defaults=True):
    """One run in the manifest: entries `first` to `last` of one origin in one stream."""

    stream: StreamName
    origin: OriginName
    first: Annotated[int, Meta(ge=1, le=2**62)]
    last: Number
    prev: Hash
    """The hash of the entry before `first`."""
    head: Hash
    """The hash of entry `last`."""
    digest: Hash
    """SHA-256 of the frame's payload."""
    sealed: bool = False
    """The payload is sealed under the key of the person whose stream it is."""
    seal: Annotated[bytes, Meta(max_length=64)] = b""
    """The origin's own signature over this stream up to `last` (`seal_of`), so that others may carry
    the run and it is believed all the same."""


class CopiesLine(msgspec.Struct):
    """What of one blob is the same as in others that the recipient has; for those that say `content`."""

    blob: Key
    """SHA-256 of the blob that is to be made, in hex."""
    size: Number
    digest: Hash


class Copied(msgspec.Struct, array_like=True):
    """In a `C` frame: bytes from `start` on are those of a source from `at` on."""

    source: Number
    """Which of the frame's sources."""
    at: Number
    start: Number
    length: Number
    digest: Hash
    """SHA-256 of these bytes."""


class Copies(msgspec.Struct):
    """A `C` frame."""

    sources: list[Key]
    stretches: list[Copied]
    """In the order of `start`, none over another."""


class PieceLine(msgspec.Struct):
    """One piece of a blob in the manifest."""

    blob: Key
    """SHA-256 of the whole blob, in hex."""
    size: Number
    offset: Number
    digest: Hash
    extension: Text = ""
    media_type: Text = ""


class Content(msgspec.Struct, omit_defaults=True):
    """What the sender has of blobs that it lacks as a whole. That it says so means it takes copies."""

    partly: dict[Key, list[tuple[Number, Number]]] = {}
    """Stretches that are here already: {blob: [(from, to)]}."""
    plain: list[Key] = []
    """Blobs of which only bytes help: what it was told to copy isn't there, or isn't the same."""


class Introduction(msgspec.Struct):
    """How a hub that nobody knows yet presents itself: with the one-time code of its enrolment file."""

    code: Text
    recipient: Text
    name: Text


class Manifest(msgspec.Struct, omit_defaults=True):
    """What a file says of itself. Signed by the sender, seen by the recipient only."""

    parcel: Id
    file: Count
    sender: Key
    incarnation: Incarnation
    to: Key
    made: Number
    """Milliseconds since 1970 by the sender's clock."""
    program: Text
    life: Count = 0
    """Which of its incarnations this is, by the sender's own count."""
    more: bool = False
    """There was more to send than fits here."""
    sealed_to: Text = ""
    """The age recipient that this file is encrypted to."""
    recipient: Text = ""
    """The age recipient that answers are to be encrypted to."""
    turn: Count = 0
    """How many recipients the sender has made for this peer: an older file names no newer one."""
    vector: dict[StreamName, dict[OriginName, Number]] = {}
    """What the sender holds of what it shares with the recipient: {stream: {origin: seq}}; what
    moved since the mark `since` in the sender's own count, and whatever the recipient may not know."""
    since: Number = 0
    mark: Number = 0
    """With this vector the recipient knows what the sender holds up to here."""
    heard: dict[Incarnation, Number] = {}
    """Up to which mark the sender knows the recipient's vector: {incarnation: mark}."""
    again: list[StreamName] = []
    """Streams of which the sender lacks something that it once had: its vector is to be taken
    literally for them, and what follows sent again."""
    lacks: list[StreamName] = []
    """The persons' streams that the sender may read and whose keys it lacks."""
    lease: Count = 0
    """For how many days of running the recipient may keep persons' keys without another word."""
    holds: list[Id] = []
    """The course versions that the sender holds whole."""
    wants: list[Key] = []
    """The blobs that the sender lacks."""
    content: Content | None = None
    keys: dict[StreamName, bytes] = {}
    """Person keys that go with the streams herein: {stream: key}."""
    wrapped: dict[StreamName, bytes] = {}
    """Person keys that a hub let go of, each sealed to the country's own age recipient."""
    asks_erased: bool = False
    """The sender was restored and may lack erasures: it asks for all that the recipient knows of."""
    erased: list[bytes] | None = None
    """Every erasure that the sender knows of, as the bodies that the country signed; None: unasked."""
    runs: list[RunLine] = []
    copies: list[CopiesLine] = []
    pieces: list[PieceLine] = []
    introduction: Introduction | None = None


class ClearLine(msgspec.Struct):
    """All that a carrier can read."""

    parcel: Annotated[int, Meta(ge=1)]
    to: Incarnation
    file: Count
    size: Number


class _Signer(msgspec.Struct):
    """Who says that they signed: all that is read of a manifest before the signature was checked."""

    sender: Key


_FRAME_OF = {RunLine: b"R", CopiesLine: b"C", PieceLine: b"B"}


def seal_of(origin: str, stream: str, last: int, head: bytes) -> bytes:
    """Return the message of a run's seal: whoever signs it says where its part of a stream stands."""
    return canonical([origin, stream, last, head.hex()])


# Writing


def padded(size: int) -> int:
    """Return the size to which PADMÉ pads: at most 12 % more, and at most 3 % from a megabyte on."""
    if size < 2:  # noqa: PLR2004 - the logarithm below needs it
        return size
    exponent = size.bit_length() - 1
    keep = exponent.bit_length()
    mask = (1 << max(exponent - keep, 0)) - 1
    return (size + mask) & ~mask


def _frame(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def write_file(
    manifest: Manifest, signature: bytes, payloads: list[bytes], recipient: str
) -> bytes:
    """Put a file together: manifest, signature, then the payloads in the manifest's order."""
    body = io.BytesIO()
    body.write(_frame(b"M", pack(canonical(manifest))))
    body.write(_frame(b"S", signature))
    kinds = [b"R"] * len(manifest.runs) + [b"C"] * len(manifest.copies)
    kinds += [b"B"] * len(manifest.pieces)
    for kind, payload in zip(kinds, payloads, strict=True):
        body.write(_frame(kind, payload))
    missing = padded(body.tell() + FRAME_HEADER) - body.tell() - FRAME_HEADER
    body.write(_frame(b"P", bytes(max(missing, 0))))
    body.seek(0)
    sealed = io.BytesIO()
    pyrage.encrypt_io(body, sealed, [pyrage.x25519.Recipient.from_str(recipient)])
    body.close()  # a file is held as seldom at the same time as can be
    line = ClearLine(
        parcel=VERSION, to=manifest.to[:ROUTE_HEX], file=manifest.file, size=sealed.tell()
    )
    return b"".join((canonical(line), b"\n", sealed.getbuffer()))


# Reading


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's content as far as it is whole."""

    manifest: Manifest
    runs: list[tuple[RunLine, bytes]]
    copies: list[tuple[CopiesLine, bytes]]
    pieces: list[tuple[PieceLine, memoryview]]
    """Views of one buffer, which is as large as the file."""
    whole: bool
    """False when the file was cut short or changed: what is here is sound, the rest is missing."""


def read_clear_line(file: BinaryIO) -> ClearLine:
    """Read what stands outside. Raises `NotAParcel`, `TooNew`, or `Damaged` for a size beyond all."""
    line = file.readline(LINE_BYTES)
    try:
        clear = read(line, ClearLine)
    except Damaged:
        raise NotAParcel("This file is not a parcel.") from None
    if clear.parcel > VERSION:
        raise TooNew("This parcel was made by a newer version. Please update this machine first.")
    if clear.size > FILE_BYTES:
        raise Damaged("This file is larger than a parcel may be.")
    return clear


def open_file(
    file: BinaryIO, identities: Sequence[pyrage.x25519.Identity], us: list[str]
) -> Opened:
    """Decrypt a parcel file, check its signature and every frame that is there.

    `us` are the keys (hex) under which this node is known. Raises `NotAParcel`, `TooNew`,
    `NotForUs` or `Damaged`; a file that is damaged behind its manifest is opened as far as it is
    whole.
    """
    clear = read_clear_line(file)
    if clear.to not in {key[:ROUTE_HEX] for key in us}:
        raise NotForUs("This parcel is for another place. Please carry it on.")
    plain = io.BytesIO()
    whole = True
    try:
        pyrage.decrypt_io(_Beginning(file, clear.size), plain, identities)  # type: ignore[arg-type] # any reader will do
    except (pyrage.DecryptError, OSError, ValueError) as problem:
        if "No matching keys" in str(problem):
            raise UsedUp(
                "The key to this parcel has been used up: a later one has come since. "
                "Nothing is lost; what is still missing comes with the next parcel."
            ) from None
        # age authenticates 64 KiB at a time and hands over what it has checked before it stops.
        whole = False
    frames = _frames(memoryview(plain.getvalue()))
    manifest = _signed_manifest(frames)
    if manifest.to not in us:
        raise NotForUs("This parcel is for another place. Please carry it on.")
    runs: list[tuple[RunLine, bytes]] = []
    copies: list[tuple[CopiesLine, bytes]] = []
    pieces: list[tuple[PieceLine, memoryview]] = []
    lines: list[RunLine | CopiesLine | PieceLine] = [
        *manifest.runs,
        *manifest.copies,
        *manifest.pieces,
    ]
    for line, (kind, payload) in zip(lines, frames, strict=False):
        if kind != _FRAME_OF[type(line)] or digest(payload) != line.digest:
            break  # what comes after it isn't where it belongs
        if isinstance(line, RunLine):
            runs.append((line, bytes(payload)))
        elif isinstance(line, CopiesLine):
            copies.append((line, bytes(payload)))
        else:
            pieces.append((line, payload))
    whole = whole and len(runs) + len(copies) + len(pieces) == len(lines)
    return Opened(manifest, runs, copies, pieces, whole)


class _Beginning:
    """The bytes of a file up to where it says that it ends."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = size

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(part)
        return part


def _frames(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while at + FRAME_HEADER <= len(view):
        kind = bytes(view[at : at + 1])
        length = int.from_bytes(view[at + 1 : at + FRAME_HEADER], "big")
        at += FRAME_HEADER
        if at + length > len(view):
            return
        yield kind, view[at : at + length]
        at += length


def _signed_manifest(frames: Iterator[tuple[bytes, memoryview]]) -> Manifest:
    try:
        (kind, packed), (next_kind, signature) = next(frames), next(frames)
    except StopIteration:
        raise Damaged(
            "This parcel is damaged, or was cut short. Please carry it once more."
        ) from None
    if (kind, next_kind) != (b"M", b"S"):
        raise NotAParcel("This file is not a parcel.")
    plain = unpack(packed, MANIFEST_BYTES)
    sender = bytes.fromhex(read(plain, _Signer).sender)
    if not verifies(sender, PURPOSE, plain, bytes(signature)):
        raise Damaged("The signature of this parcel doesn't hold. Nothing in it was used.")
    manifest = read(plain, Manifest)
    recipients = [manifest.recipient] if manifest.recipient else []
    if manifest.introduction is not None:
        recipients.append(manifest.introduction.recipient)
    if not all(map(is_recipient, recipients)):
        raise Damaged("This parcel wants its answer sealed to what is no key.")
    return manifest


def pack(data: bytes) -> bytes:
    """Compress, at level 1: what repeats in JSON Lines is near, and what remains is chance.

    Measured on a run of 250 answers: 40.1 bytes and 0.3 µs an answer; level 10: 41.6 bytes and 4 µs.
    """
    return zstandard.ZstdCompressor(level=1).compress(data)


def unpack(data: bytes | memoryview, at_most: int = UNPACKED_BYTES) -> bytes:
    """Decompress, never to more than `at_most` bytes, nor to many times what it is packed.

    A bomb of 20 KB can hold 200 MB, and those as many objects as make a gigabyte.
    """
    try:
        size = zstandard.frame_content_size(data)
        if not 0 <= size <= min(at_most, RUN_BYTES + TIMES * len(data)):
            raise Damaged("A part of this parcel is larger than any part may be.")
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=at_most)
    except zstandard.ZstdError as problem:
        raise Damaged("A part of this parcel can't be unpacked.") from problem
