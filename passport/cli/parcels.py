"""`passport parcel …`: what couriers carry."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from passport.cli.answer import Answer, Exit
from passport.kernel.actor import Actor
from passport.sync import actions, queries, sentences
from passport.sync.actions import ParcelFile


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    parcel = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    make = parcel.add_parser("make", help="write a parcel for another node into a folder")
    make.add_argument("folder", type=Path)
    make.add_argument(
        "--for", dest="peer", metavar="NODE", help="a hub's name or key (a hub's own: the country)"
    )
    make.add_argument("--budget", metavar="SIZE", help="at most this much, as 500MB or 4GB")
    make.set_defaults(run=run_make)
    take = parcel.add_parser("take", help="take the parcels in files or folders")
    take.add_argument("paths", type=Path, nargs="+")
    take.add_argument(
        "--answer", type=Path, metavar="FOLDER", help="write the parcel to carry back here"
    )
    take.set_defaults(run=run_take)
    show = parcel.add_parser("show", help="say what a parcel file tells whoever carries it")
    show.add_argument("paths", type=Path, nargs="+")
    show.set_defaults(run=run_show)


def run_make(given: argparse.Namespace) -> Answer:
    """Write the files, one after another."""
    peer = queries.peer_named(given.peer)
    made = actions.make_parcel(
        by=Actor.machine(), peer=peer, carrier="stick", budget=_bytes(given.budget)
    )
    return _written(given.folder, peer.name, made)


def _written(folder: Path, name: str, made: Any) -> Answer:
    files: list[ParcelFile] = []
    for file in made:
        actions.write_to_folder(folder, file.name, file.content)
        files.append(file)
    size = sum(len(file.content) for file in files)
    lines = [sentences.made(name, len(files), size, more=files[-1].more), f"They are in {folder}."]
    return Answer(lines, {"for": name, "files": [file.name for file in files], "bytes": size})


def run_take(given: argparse.Namespace) -> Answer:
    """Take what is there; what can't be used is named with its reason."""
    paths = list(actions.files_in(given.paths))
    if not paths:
        return Answer(["There are no parcels here."], None, Exit.REFUSED)
    taken = actions.take_parcel(
        by=Actor.machine(), files=((path.name, path.open("rb")) for path in paths), carrier="stick"
    )
    lines = sentences.taken(taken)
    if taken.peer is not None and given.answer is not None:
        answer = actions.make_parcel(by=Actor.machine(), peer=taken.peer, carrier="stick")
        lines += _written(given.answer, taken.peer.name, answer).lines
    data = {
        "from": taken.peer.name if taken.peer else None,
        "answers": taken.tally.answers,
        "people": len(taken.tally.people),
        "entries": taken.tally.entries,
        "refused": {name: str(reason) for name, reason in taken.refused},
    }
    if taken.peer is None:
        return Answer(lines, data, Exit.REFUSED)
    return Answer(lines, data, Exit.IN_PART if taken.refused or taken.cut_short else Exit.DONE)


def run_show(given: argparse.Namespace) -> Answer:
    """Show the clear line, and nothing that a carrier may not know."""
    shown = [(path, actions.clear_line(path)) for path in actions.files_in(given.paths)]
    lines = [
        f"{path.name}: file {line.file} of a parcel for {line.to}…, format {line.parcel}, {line.size:,} bytes"
        for path, line in shown
    ]
    data = [
        {"name": path.name, "to": line.to, "file": line.file, "bytes": line.size}
        for path, line in shown
    ]
    return Answer(lines or ["There are no parcels here."], data)


UNITS = {"KB": 1000, "MB": 1000**2, "GB": 1000**3}


def _bytes(size: str | None) -> int | None:
    if size is None:
        return None
    for unit, factor in UNITS.items():
        if size.upper().endswith(unit):
            return int(float(size[: -len(unit)]) * factor)
    return int(size)
