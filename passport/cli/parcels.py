"""`passport parcel …`: what couriers carry."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from passport.cli.answer import Answer, Exit
from passport.fleet.queries import is_revoked
from passport.kernel.actor import Actor
from passport.node.models import Peer
from passport.sync import actions, queries, sentences


def add(word: str, commands: Any, about: str) -> None:
    """Add the commands to the parser."""
    parcel = commands.add_parser(word, help=about).add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    make = parcel.add_parser("make", help="write a parcel for another node into a folder")
    make.add_argument("folder", type=Path)
    make.add_argument(
        "--for",
        dest="peers",
        metavar="NODE[,NODE…]",
        help="names or keys of hubs (a hub's own: the country)",
    )
    make.add_argument(
        "--budget", type=size, metavar="SIZE", help="at most this much for all, as 500MB or 4GB"
    )
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
    """Write the files of one parcel or of several, one after another."""
    return _written(given.folder, queries.peers_named(given.peers), given.budget)


def _written(folder: Path, peers: list[Peer], budget: int | None = None) -> Answer:
    sizes: dict[str, list[int]] = {peer.name: [] for peer in peers}
    carried: list[int] = []
    names: list[str] = []
    within = actions.Budget() if budget is None else actions.Budget(budget)
    for file in actions.make_parcels(
        by=Actor.machine(), peers=peers, carrier="stick", budget=within
    ):
        actions.write_to_folder(folder, file.name, file.content)
        (sizes[file.peer.name] if file.peer else carried).append(len(file.content))
        names.append(file.name)
    lines = [sentences.made(name, len(some), sum(some)) for name, some in sizes.items()]
    lines += [sentences.handed_on(len(carried))] if carried else []
    lines += [sentences.more_to_send()] if within.is_short else []
    data = {"for": ", ".join(sizes), "files": names, "bytes": sum(map(sum, sizes.values()))}
    return Answer([*lines, f"They are in {folder}."], {**data, "more": within.is_short})


def run_take(given: argparse.Namespace) -> Answer:
    """Take what is there; what can't be used is named with its reason."""
    paths = list(actions.files_in(given.paths))
    if not paths:
        return Answer(["There are no parcels here."], None, Exit.REFUSED)
    all_taken = actions.take_by_sender(by=Actor.machine(), files=_opened(paths), carrier="stick")
    lines = [line for taken in all_taken for line in sentences.taken(taken)]
    senders = [taken.peer for taken in all_taken if taken.peer]
    answered = [peer for peer in senders if given.answer and not is_revoked(peer.key)]
    lines += _written(given.answer, answered).lines if answered else []
    data = {
        "from": ", ".join(peer.name for peer in senders) or None,
        "answers": sum(taken.tally.answers for taken in all_taken),
        "people": sum(len(taken.tally.people) for taken in all_taken),
        "entries": sum(taken.tally.entries for taken in all_taken),
        "carried": sum(taken.carried for taken in all_taken),
        "refused": {name: str(reason) for taken in all_taken for name, reason in taken.refused},
    }
    in_part = Exit.IN_PART if senders or data["carried"] else Exit.REFUSED
    is_short = data["refused"] or any(taken.cut_short for taken in all_taken)
    return Answer(lines, data, in_part if is_short else Exit.DONE)


def _opened(paths: list[Path]) -> Iterator[tuple[str, BinaryIO]]:
    for path in paths:
        with path.open("rb") as file:
            yield path.name, file


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


UNITS = {"KB": 1000, "MB": 1000**2, "GB": 1000**3, "": 1}


def size(text: str) -> int:
    """Read a size in words; argparse says what is wrong with one that isn't."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMG]B|)", text.strip().upper())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is no size; write 500MB or 4GB")
    return int(float(found[1]) * UNITS[found[2]])
