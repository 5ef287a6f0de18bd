"""One step of `bench.parcels` in a process of its own, so that its memory is its own: prints JSON.

    python -m bench.parcels_step make|take|again|rebuild FOLDER

FOLDER holds `hub`, `country` and `stick`; a country on PostgreSQL is named by DATABASE_URL. Files go out
and in one after another, as `passport parcel` does it.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bench.ground import family_cpu

if TYPE_CHECKING:
    from tests.simulation.nodes import Node

FILE_BYTES = 32 * 1024 * 1024
"""As the setting `parcel_file_bytes` is when nobody sets it."""


def make(folder: Path) -> int:
    """Make the parcel at the hub, onto the stick."""
    from passport.node.models import Peer
    from passport.sync import actions as sync
    from tests.simulation.nodes import MACHINE

    with woken(folder, "hub"):
        made = 0
        peer = Peer.objects.get(is_country=True)
        for file in sync.make_parcel(by=MACHINE, peer=peer, carrier="stick"):
            sync.write_to_folder(folder / "stick", file.name, file.content)
            made += 1
            del file
        return made


def take(folder: Path) -> int:
    """Take it at the country; returns how many events were new."""
    from passport.sync import actions as sync
    from tests.simulation.nodes import MACHINE

    with woken(folder, "country"), ExitStack() as opened:

        def files() -> Iterator[tuple[str, BinaryIO]]:
            for path in sync.files_in([folder / "stick"]):
                yield path.name, opened.enter_context(path.open("rb"))

        taken = sync.take_parcel(by=MACHINE, files=files(), carrier="stick")
        if taken.refused or taken.cut_short:
            sys.exit(f"Not all was taken: {taken.refused}")
        return taken.tally.events


def rebuild(folder: Path) -> int:
    """Make every table of the country but the journal again."""
    from passport.sync import actions as sync
    from tests.simulation.nodes import MACHINE

    with woken(folder, "country"):
        sync.rebuild(by=MACHINE)
        return 0


def woken(folder: Path, name: str) -> Node:
    """Return the node in a folder."""
    from tests.simulation.nodes import Node

    is_country = name == "country"
    return Node(
        folder / name,
        name,
        is_country=is_country,
        is_copy=True,
        database_url=os.environ.get("COUNTRY_DATABASE") if is_country else None,
        parcel_file_bytes=FILE_BYTES,
    )


def server_cpu() -> float:
    """CPU seconds of the country's PostgreSQL so far, all its processes; 0 where there is none.

    The server runs on this machine: what its ended processes used is in the account of the first one.
    """
    postmaster = os.environ.get("COUNTRY_POSTMASTER")
    return family_cpu(int(postmaster)) if postmaster else 0.0


def peak() -> float:
    """MB that this process had at the most; `ru_maxrss` would begin with its parent's."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> int:
    """Do it, and say what it took."""
    step, folder = sys.argv[1], Path(sys.argv[2])
    from bench.parcels import settings

    settings(folder)
    import tests.simulation.nodes  # noqa: F401 - imported before time is taken

    does = {"make": make, "take": take, "again": take, "rebuild": rebuild}[step]
    profile = cProfile.Profile() if len(sys.argv) > 3 else None  # a third names a file
    server, began = server_cpu(), time.process_time()
    result = profile.runcall(does, folder) if profile else does(folder)
    print(
        json.dumps(
            {
                "result": result,
                "cpu": time.process_time() - began,
                "server": server_cpu() - server,
                "peak": peak(),
            }
        )
    )
    if profile:
        with Path(f"{sys.argv[3]}.{step}").open("w") as file:
            pstats.Stats(profile, stream=file).sort_stats("tottime").print_stats(45)
    return 0


if __name__ == "__main__":
    sys.exit(main())
