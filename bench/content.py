"""One changed lesson in a large course: bytes of the parcel, CPU and memory of making and taking it.

    python -m bench.content [--files 400] [--megabytes 2.5] [--full]

A course of sounds that nothing compresses is published, carried to a hub, changed in one lesson,
and carried again: 400 files of 2.5 MB (1 GB); `--full` has files of 25 MB (10 GB, and needs 32 GB of
disk). The figure is the size of the update's parcel files, padding and envelope included, against
the bytes that changed: once a tenth of the lesson in its middle, once all of it. Beside it stands
what the same update costs a hub that takes whole files only. Two real nodes in one process; memory
is the most that the process used while it did one thing (VmHWM).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bench.ground import Figure, arguments, show
from bench.parcels import settings, two_nodes

if TYPE_CHECKING:
    from tests.simulation.nodes import Node

TIMES_THE_CHANGE = 1.2
MEGABYTES = 300
FILE_BYTES = 32 * 1024 * 1024
HEADER = (
    'id = "{course}"\ncategory = "Sounds"\nlicence = "CC-BY-4.0"\ncredits = "Made to measure."\n'
    '[title]\nen = "A large course"\n'
)
LESSON = '[[lesson]]\nid = "l{at}"\nkind = "audio"\nminutes = 9\ntitle = {{en = "Lesson {at}"}}\nsource = "{at}.wav"\n'


@dataclass(slots=True)
class Cost:
    """What doing one thing took."""

    cpu: float = 0.0
    seconds: float = 0.0
    megabytes: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block: CPU and wall seconds, and the most memory that the process had meanwhile."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the most so far
    cost = Cost()
    cpu, wall = time.process_time(), time.perf_counter()
    yield cost
    cost.cpu, cost.seconds = time.process_time() - cpu, time.perf_counter() - wall
    lines = Path("/proc/self/status").read_text().splitlines()
    cost.megabytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def write_course(folder: Path, course: object, files: int, size: int) -> None:
    """Write the folder as an author has it."""
    folder.mkdir()
    text = HEADER.format(course=course)
    for at in range(files):
        text += LESSON.format(at=at)
        write_sound(folder / f"{at}.wav", os.urandom(size))
    (folder / "course.toml").write_text(text)


def write_sound(path: Path, frames: bytes) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(frames)


def published(country: Node, folder: Path) -> None:
    from passport.library.actions import publish
    from tests.simulation.nodes import MACHINE

    with country:
        assert not publish(by=MACHINE, folder=folder).nothing_changed


def made(country: Node, hub: Node, stick: Path) -> int:
    """Make the parcel into a folder, a file at a time; returns its bytes."""
    from passport.node.models import Peer
    from passport.sync import actions as sync
    from tests.simulation.nodes import MACHINE

    shutil.rmtree(stick, ignore_errors=True)
    with country:
        peer = Peer.objects.get(key=hub.key)
        for file in sync.make_parcel(by=MACHINE, peer=peer, carrier="stick", budget=1 << 50):
            sync.write_to_folder(stick, file.name, file.content)
            del file
    return sum(path.stat().st_size for path in stick.iterdir())


def taken(hub: Node, stick: Path) -> None:
    from passport.sync import actions as sync
    from tests.simulation.nodes import MACHINE

    def opened() -> Iterator[tuple[str, object]]:
        for path in sorted(stick.iterdir()):
            with path.open("rb") as file:
                yield path.name, file

    with hub:
        result = sync.take_parcel(by=MACHINE, files=opened(), carrier="stick")  # type: ignore[arg-type]
    assert not result.refused


def answered(hub: Node, country: Node) -> None:
    """Let the country know what the hub holds."""
    assert not country.take(hub.parcel_for(country)).refused


def is_whole(hub: Node, source: Path) -> bool:
    """Tell whether a learner at the hub hears what the author wrote."""
    from hashlib import sha256

    from passport.library.queries import media_file

    with hub:
        name = f"{sha256(source.read_bytes()).hexdigest()}.wav"
        return media_file(name).path.read_bytes() == source.read_bytes()


def main() -> int:
    """Publish, carry, change, carry again."""
    asked = arguments(__doc__)
    asked.add_argument("--files", type=int, default=400)
    asked.add_argument("--megabytes", type=float, default=2.5)
    asked.add_argument("--full", action="store_true", help="files of 25 MB: 10 GB in all")
    given = asked.parse_args()
    size = int((25 if given.full else given.megabytes) * 1_000_000)
    figures = [Figure("the course", given.files * size / 1e6, "MB")]
    with tempfile.TemporaryDirectory(prefix="bench-content-") as name:
        folder = Path(name)
        settings(folder)
        country, hub, *_ = two_nodes(folder, None, parcel_file_bytes=FILE_BYTES)
        source, stick = folder / "course", folder / "stick"
        write_course(source, uuid4(), given.files, size)
        with measured() as cost:
            published(country, source)
        figures.append(Figure("published, CPU", cost.cpu, "s"))
        for what, do in (
            ("the whole course made", lambda: made(country, hub, stick)),
            ("the whole course taken", lambda: taken(hub, stick)),
        ):
            with measured() as cost:
                do()
            figures += [
                Figure(f"{what}, CPU", cost.cpu, "s"),
                Figure(f"{what}, memory", cost.megabytes, "MB", MEGABYTES),
            ]
        answered(hub, country)
        changes = {
            "10 kB inserted": (size // 2, 0, 10_000),
            "a tenth of one lesson": (size // 2, size // 10, size // 10),
            "one lesson, all of it": (0, size, size),
        }
        for at, (what, change) in enumerate(changes.items()):
            figures += changed(country, hub, source, stick, at, what, change)
        with country:
            from passport.node.models import Peer

            Peer.objects.filter(key=hub.key).update(content=None)
        old = change_lesson(source, 9, (size // 2, size // 10, size // 10))
        published(country, source)
        figures.append(
            Figure(
                "whole files only: a tenth of one lesson", made(country, hub, stick) / old, "times"
            )
        )
        country.close()
        hub.close()
    return show(figures, as_json=given.json)


def change_lesson(source: Path, at: int, change: tuple[int, int, int]) -> int:
    """Put other bytes in the place of some; returns how many."""
    start, away, here = change
    path = source / f"{at}.wav"
    with wave.open(str(path), "rb") as sound:
        frames = sound.readframes(sound.getnframes())
    write_sound(path, frames[:start] + os.urandom(here) + frames[start + away :])
    return here


def changed(
    country: Node,
    hub: Node,
    source: Path,
    stick: Path,
    at: int,
    what: str,
    change: tuple[int, int, int],
) -> list[Figure]:
    """Change one lesson, publish, carry; returns the figures."""
    new = change_lesson(source, at, change)
    published(country, source)
    with measured() as making:
        size = made(country, hub, stick)
    with measured() as taking:
        taken(hub, stick)
    assert is_whole(hub, source / f"{at}.wav")
    answered(hub, country)
    target = TIMES_THE_CHANGE if new >= 100_000 else None
    return [
        Figure(f"{what}: parcel", size, "bytes"),
        Figure(f"{what}: parcel / changed", size / new, "times", target),
        Figure(f"{what}: made, CPU", making.cpu, "s"),
        Figure(f"{what}: made, memory", making.megabytes, "MB", MEGABYTES),
        Figure(f"{what}: taken, CPU", taking.cpu, "s"),
        Figure(f"{what}: taken, memory", taking.megabytes, "MB", MEGABYTES),
    ]


if __name__ == "__main__":
    sys.exit(main())
