"""A backup's bytes come from outside: whatever they are, a refusal in words, bounded in memory and time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passport.care.engine import keys, parts, restoring, tell
from passport.care.engine.parts import Header, Manifest, Part, Signed, Writer
from passport.care.errors import BackupDamaged, TooNew
from passport.kernel.encoding import canonical, digest
from passport.kernel.errors import PassportError
from passport.kernel.signing import new_seed, public_key, sign
from passport.node.models import Stream
from tests.simulation.nodes import Node

SEED = new_seed()
KEY = public_key(SEED)
MB = 1024**2


def signed_with(folder: Path, seed: bytes, contents: list[bytes], **said: Any) -> Path:
    """Write a backup of these packed parts, signed as its maker would."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for number, content in enumerate(contents, 1):
        part = Part(f"{number:06}.part", len(content), digest(content))
        (folder / part.name).write_bytes(content)
        listed.append(part)
    manifest = Manifest(
        backup=1, node=public_key(seed).hex(), made=0, program="0", entries=0, people=0,
        holes=0, files=0, bytes=0, parts=listed,
    )  # fmt: skip
    text = canonical(
        {**{name: getattr(manifest, name) for name in manifest.__struct_fields__}, **said}
    )
    signature = sign(seed, parts.PURPOSE, text)
    (folder / parts.MANIFEST).write_bytes(canonical(Signed(msgspec.Raw(text), signature)))
    return folder


def read_all(folder: Path) -> int:
    """Read a backup as a restore does, up to its lines."""
    manifest = parts.read_manifest(folder, KEY)
    parts.check(folder, manifest.parts, lambda _done, _total: None)
    return sum(len(line) for part in manifest.parts for line in parts.lines_of(folder, part))


def packed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    writer = Writer(folder)
    for number in range(200):
        writer.put(b"[%d]" % number, "t", lambda: Header(table="node.Origin", columns=["id"]))
    writer.close()
    return signed_with(folder, SEED, [(folder / writer.parts[0].name).read_bytes()])


@given(data=st.data())
@settings(
    max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_change_of_any_byte_is_refused(
    sound: Path, tmp_path: Path, data: st.DataObject
) -> None:
    names = ["manifest.json", "000001.part"]
    name = data.draw(st.sampled_from(names))
    content = (sound / name).read_bytes()
    changed = data.draw(
        st.one_of(
            st.integers(0, len(content) - 1).map(lambda at: content[:at]),
            st.tuples(st.integers(0, len(content) - 1), st.integers(1, 255)).map(
                lambda one: (
                    content[: one[0]] + bytes([content[one[0]] ^ one[1]]) + content[one[0] + 1 :]
                )
            ),
            st.binary(max_size=400),
            st.binary(min_size=1, max_size=40).map(lambda more: content + more),
        )
    )
    for each in names:
        (tmp_path / each).write_bytes(changed if each == name else (sound / each).read_bytes())
    try:
        assert read_all(tmp_path) == read_all(sound)
    except PassportError:
        return
    assert changed.strip() == content.strip(), "only white space around the list may differ"


HOSTILE: dict[str, Callable[[], list[bytes]]] = {
    "no zstd": lambda: [b"not packed"],
    "empty": lambda: [b""],
    "a gigabyte in a kilobyte": lambda: [packed_zeros(1024 * MB)],
    "a size that is not said": lambda: [
        zstandard.ZstdCompressor(write_content_size=False).compress(bytes(MB))
    ],
    "brackets": lambda: [packed(b"[" * MB)],
    "brackets in a header": lambda: [packed(b'{"table":' + b"[" * MB)],
    "brackets in a row": lambda: [packed(b'{"table":"node.Peer","columns":["id","holds"]}\n[1,' + b"[" * MB)],
    "empty lines": lambda: [packed(b"\n" * MB)],
    "rows before any header": lambda: [packed(b"[1]\n[2]")],
    "too few values": lambda: [packed(b'{"table":"node.Origin","columns":["id","wire"]}\n[1]')],
    "a value of another kind": lambda: [packed(b'{"table":"node.Origin","columns":["id"]}\n["x"]')],
    "a number beyond any": lambda: [packed(b'{"table":"node.Origin","columns":["id"]}\n[99999999999999999999]')],
    "a chain of a stream that is not there": lambda: [
        packed(b'{"chain":["country","nobody"],"first":1}\n[1,"x@1",{}]')
    ],
    "a hole of nobody's": lambda: [packed(b'{"hole":["country","nobody"],"first":1,"last":2}')],
    "content by a path": lambda: [packed(b'{"content":["sha256"]}\n["../../keys/node","key",1]')],
    "half a line": lambda: [packed(b'{"table":"node.Origin","columns":["id"]}\n[1')],
}  # fmt: skip


def packed_zeros(size: int) -> bytes:
    """Pack zeros without ever holding them."""
    packer = zstandard.ZstdCompressor().compressobj(size=size)
    piece = bytes(MB)
    content = b"".join(packer.compress(piece) for _ in range(size // MB))
    return content + packer.flush()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Node]:
    with django_db_blocker.unblock():
        made = Node(tmp_path_factory.mktemp("hub"), "Mango hub", is_country=False)
        yield made
        made.close()


@pytest.mark.parametrize("what", HOSTILE)
def test_what_its_own_maker_signed_and_yet_is_hostile_is_refused_in_bounds(
    hub: Node, tmp_path: Path, what: str
) -> None:
    folder = signed_with(tmp_path / "b", SEED, HOSTILE[what]())
    tracemalloc.start()
    try:
        refused = take(hub, folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200 * MB
    assert refused or what == "content by a path"


def take(hub: Node, folder: Path) -> bool:
    """Load a backup into a database and undo it; tells whether it was refused."""
    manifest = parts.read_manifest(folder, KEY)
    restored = restoring.Restored(manifest, folder)
    loading = restoring._Loading(restored, tell.nobody)
    with hub:
        try:
            with transaction.atomic():
                for part in manifest.parts:
                    loading.take(part)
                loading.close()
                assert restored.files == 0, "no file was taken from anywhere"
                transaction.set_rollback(True)
        except (BackupDamaged, DatabaseError, OverflowError):
            return True
    return False


@given(lines=st.lists(st.one_of(
    st.binary(max_size=60),
    st.sampled_from([
        b'{"table":"node.Origin","columns":["id","wire","ours"]}', b'[7,"w",true]', b"[7,null,true]",
        b'{"table":"node.Stream","columns":["id","kind","key"]}', b'[3,"country","' + b"0" * 32 + b'"]',
        b'{"chain":["country","w"],"first":1,"prev":""}', b'[1,"site.added@1",{}]', b'[1,"event@1",{}]',
        b'[-1,"event@1",{"id":1},{"x":2}]', b'{"hole":["country","w"],"first":1,"last":9}',
        b'{"table":"no.Such","columns":["x"]}', b'{"content":["a"]}', b"{}", b"[]", b"null",
    ]),
), max_size=12))  # fmt: skip
@settings(
    max_examples=150, deadline=3000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_line_whatever_does_more_than_be_refused(
    hub: Node, tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    folder = signed_with(tmp_path_factory.mktemp("b"), SEED, [packed(b"\n".join(lines))])
    take(hub, folder)
    with hub:
        assert not Stream.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"parts": [{"name": "../../node.key", "size": 1, "digest": "AAAA"}]},
        {"parts": [{"name": "/etc/passwd", "size": 1, "digest": "AAAA"}]},
        {"parts": [{"name": "000001.part", "size": -1, "digest": ""}]},
        {"parts": [{"name": "000001.part", "size": 2**62, "digest": ""}]},
        {"parts": 3},
        {"entries": "many"},
        {"backup": "x"},
        {"backup": 2},
    ],
)
def test_a_list_that_names_anything_else_is_refused(tmp_path: Path, said: dict[str, Any]) -> None:
    folder = signed_with(tmp_path, SEED, [packed(b"{}")], **said)
    with pytest.raises((BackupDamaged, TooNew)):
        read_all(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[" * MB, b'{"manifest":{},"signature":""}', b"\xff" * 100],
)
def test_a_file_of_keys_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / keys.NAME).write_bytes(content)
    with pytest.raises(BackupDamaged):
        keys.bring_back(tmp_path, KEY)
