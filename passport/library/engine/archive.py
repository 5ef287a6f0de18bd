"""Unpacking an uploaded zip without trusting it: threats T6 (climbing, links) and T7 (bombs).

Members are never extracted by name. Each is inflated piece by piece, under caps, into a file
whose name is a number; the name in the zip is only a key.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_noop as _

from passport.library.engine.limits import MIB, Limits
from passport.library.engine.names import is_litter
from passport.library.engine.problems import Report

_ENCRYPTED: Final = 0x1
_PIECE: Final = 64 * 1024


def unpack(archive: Path, into: Path, report: Report, limits: Limits) -> dict[str, Path]:
    """Return the files of `archive` by name, inflated under `into`; empty if it is refused."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return _unpack(opened, into, report, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError,
            RuntimeError):  # fmt: skip
        report.error(archive.name, 0, _("This is not a folder, nor a zip file that can be read."))
        return {}


def _unpack(opened: zipfile.ZipFile, into: Path, report: Report, limits: Limits) -> dict[str, Path]:
    members = [member for member in opened.infolist() if not member.is_dir()]
    name_of_zip = Path(opened.filename or "zip").name
    if len(members) > limits.files or sum(m.file_size for m in members) > limits.total:
        report.error(name_of_zip, 0, _("The zip file holds more than a course may hold."))
        return {}
    files: dict[str, Path] = {}
    left = limits.total
    for number, member in enumerate(members):
        name = unicodedata.normalize("NFC", member.filename)
        if (refusal := _refusal(member, name, files)) is not None:
            report.error(name, 0, refusal)
            continue
        if is_litter(name):
            continue
        target = into / f"{number:06}"
        written = _inflate(opened, member, target, min(limits.file, left), limits.ratio)
        if written is None:
            report.error(name, 0, _("This file grows beyond what a course may hold."))
            return {}
        left -= written
        files[name] = target
    return files


def _refusal(member: zipfile.ZipInfo, name: str, files: dict[str, Path]) -> str | None:
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or ":" in parts[0]:
        return _("The name of this file leads out of the folder.")
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        return _("This is not an ordinary file.")
    if member.flag_bits & _ENCRYPTED:
        return _("This file is locked with a password.")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return _("This file is packed in a way that is not read here; use an ordinary zip.")
    if name in files:
        return _("Two files in the zip have this name.")
    return None


def _inflate(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, cap: int, ratio: int
) -> int | None:
    """Write one member; the number of bytes, or None when it passes a cap."""
    written = 0
    packed = max(member.compress_size, 1)
    with opened.open(member) as source, target.open("wb") as sink:
        while piece := source.read(_PIECE):
            written += len(piece)
            if written > cap or (written > MIB and written > packed * ratio):
                return None
            sink.write(piece)
    return written
