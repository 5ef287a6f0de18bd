"""People's keys in a file of their own, each sealed as it is in the database (DESIGN section 5).

There is one such file in a folder of backups, and the next backup takes its place: from then on no
older backup there names who was erased in between. Without the node's own key file it opens nothing.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from itertools import batched
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from passport.care.engine.parts import Signed
from passport.care.errors import BackupDamaged
from passport.kernel import files
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.kernel.signing import verifies
from passport.node import actions as node
from passport.node.models import Stream, StreamKind
from passport.node.policies import check_room

NAME: Final = "person-keys.json"
_PURPOSE: Final = "passport person keys 1"
_LARGEST: Final = 64 * 1024 * 1024


class _Keys(msgspec.Struct):
    node: str
    made: int
    keys: dict[str, str]
    """{person's id in hex: their key in base64, sealed under the node's own}"""


def save(folder: Path, key: str, made: int) -> int:
    """Write the keys of everybody whom this node may read; returns how many these are."""
    rows = Stream.objects.filter(kind=StreamKind.PERSON, sealed_key__isnull=False)
    keys = {
        person.hex: b64encode(bytes(sealed or b"")).decode()
        for person, sealed in rows.values_list("key", "sealed_key").iterator()
    }
    said = canonical(_Keys(key, made, keys))
    content = canonical(Signed(msgspec.Raw(said), node.sign(_PURPOSE, said)))
    check_room(folder, len(content))
    files.write(folder / NAME, content)
    return len(keys)


def bring_back(folder: Path, key: bytes) -> int | None:
    """Give the people here their keys again; None where there is no file. Raises `BackupDamaged`."""
    path = folder / NAME
    if not path.is_file():
        return None
    if path.stat().st_size > _LARGEST:
        raise BackupDamaged("The file of people's keys is larger than any may be.")
    try:
        signed = read(path.read_bytes(), Signed)
        if not verifies(key, _PURPOSE, bytes(signed.manifest), signed.signature):
            raise BackupDamaged("The file of people's keys was changed, or is another node's.")
        keys = read(signed.manifest, _Keys).keys
        wanted = {UUID(person): b64decode(sealed, validate=True) for person, sealed in keys.items()}
    except (Damaged, ValueError) as problem:
        if isinstance(problem, BackupDamaged):
            raise
        raise BackupDamaged("The file of people's keys can't be read.") from problem
    count = 0
    for part in batched(wanted, 500):
        streams = list(Stream.objects.filter(kind=StreamKind.PERSON, key__in=part))
        for stream in streams:
            stream.sealed_key = wanted[stream.key]
        Stream.objects.bulk_update(streams, ["sealed_key"])
        count += len(streams)
    return count
