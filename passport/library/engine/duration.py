"""How long a recording is, read from its header: completion needs the seconds of it (R070)."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from tinytag import TinyTag

# WebM is EBML (RFC 8794) in the shape of RFC 9559 (Matroska): elements of id, size, content.
_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_INFO: Final = 0x1549A966
_TIMESTAMP_SCALE: Final = 0x2AD7B1
_DURATION: Final = 0x4489
_HEAD: Final = 256 * 1024
_NANOSECONDS: Final = 1_000_000_000


def seconds_of(path: Path, extension: str) -> int | None:
    """Whole seconds, at least 1; None when the file does not say."""
    length = _webm_seconds(path) if extension == "webm" else _tagged_seconds(path, extension)
    return None if length is None or not 0 < length < 10**6 else max(1, round(length))


def _tagged_seconds(path: Path, extension: str) -> float | None:
    try:
        with path.open("rb") as file:
            return TinyTag.get(f"recording.{extension}", file_obj=file).duration
    except Exception:  # noqa: BLE001 - a hostile recording may raise anything inside the parser
        return None


def _webm_seconds(path: Path) -> float | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    scale, duration = 1_000_000, None
    at = 0
    while at < len(head):
        element = _element(head, at)
        if element is None:
            break
        name, start, size = element
        if name in {_SEGMENT, _INFO}:
            at = start  # go in
            continue
        content = head[start : start + size]
        if name == _TIMESTAMP_SCALE:
            scale = int.from_bytes(content)
        elif name == _DURATION and len(content) in {4, 8}:
            duration = struct.unpack(">f" if len(content) == 4 else ">d", content)[0]  # noqa: PLR2004
        at = start + size
    return None if duration is None else duration * scale / _NANOSECONDS


def _element(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Return (id, start of the content, size of the content) of the element at `at`."""
    name_length = _vint_length(data, at)
    if name_length is None:
        return None
    size_at = at + name_length
    size_length = _vint_length(data, size_at)
    if size_length is None:
        return None
    name = int.from_bytes(data[at:size_at])
    size = int.from_bytes(data[size_at : size_at + size_length])
    return name, size_at + size_length, size & ((1 << (7 * size_length)) - 1)


def _vint_length(data: bytes, at: int) -> int | None:
    if at >= len(data) or data[at] == 0:
        return None
    return 9 - data[at].bit_length()
