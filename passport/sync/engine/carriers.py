"""How parcel files get from one node to another: a folder on a stick, or an HTTP connection."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from passport.kernel import files
from passport.node.policies import check_room
from passport.sync.errors import OutOfReach, Refused

SUFFIX = ".parcel"
MEDIA_TYPE = "application/vnd.learning-passport.parcel"
TIMEOUT_SECONDS = 60
ANSWER_BYTES = 256 * 1024 * 1024
_ANY_TIME = ssl.VerifyFlags(0x200000)
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which `ssl` has no name for."""


def file_name(to: str, parcel: str, number: int) -> str:
    """Name a parcel file so that it sorts, fits FAT32, and tells a carrier nothing but the destination."""
    return f"{to[:8]}-{parcel[-12:]}-{number:03}{SUFFIX}"


def write_to_folder(folder: Path, name: str, content: bytes) -> Path:
    """Write one file so that it is whole or absent, also when the stick is pulled. Raises `NoRoom`."""
    path = folder / name
    check_room(folder, len(content))
    files.write(path, content, mode=0o644)  # whoever takes it is another user on another machine
    return path


def files_in(paths: list[Path]) -> Iterator[Path]:
    """Find the parcel files among paths: files as given, and those in folders, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        else:
            yield path


def _whatever_the_clock_says() -> ssl.SSLContext:
    """Check who the country is, and not from when to when its certificate holds.

    A hub that believes it is 1970 would be locked out for good (C28). Parcels are sealed and signed
    in themselves; TLS keeps from those on the way who talks to whom.
    """
    context = ssl.create_default_context()
    context.verify_flags |= _ANY_TIME
    return context


def post(address: str, content: bytes) -> bytes:
    """Hand one file to another node and return the one that it answers with. Raises `OutOfReach`."""
    request = urllib.request.Request(  # noqa: S310 - the address comes from the signed enrolment file
        f"{address}/peers/v1/parcels",
        data=content,
        headers={"Content-Type": MEDIA_TYPE},
        method="POST",
    )
    try:
        with urllib.request.urlopen(  # noqa: S310
            request, timeout=TIMEOUT_SECONDS, context=_whatever_the_clock_says()
        ) as answer:
            received: bytes = answer.read(ANSWER_BYTES)
    except urllib.error.HTTPError as refusal:
        said = refusal.read(500).decode(errors="replace").strip()
        raise Refused("%(address)s refused: %(said)s", address=address, said=said) from refusal
    except (urllib.error.URLError, OSError, ValueError) as problem:
        raise OutOfReach("%(address)s can't be reached.", address=address) from problem
    return received
