"""Is this node sound? Each look says what it finds, and mends it where it may."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_noop as n_

from passport.care.engine import aside, exchange, leftovers, salvage, scrub, soundness, tell
from passport.care.engine.restoring import awaited
from passport.care.engine.running import stopped
from passport.kernel.actor import Actor
from passport.kernel.errors import PassportError
from passport.library import actions as library
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Stream, StreamKind
from passport.sync import actions as sync

SAFE_SQLITE: Final = (3, 51, 3)
_NAMED: Final = 20
"""So many holes are named one by one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a sentence, and whether all is well with it now."""

    is_well: bool
    said: str
    params: dict[str, object]


def _well(said: str, **params: object) -> Finding:
    return Finding(True, said, params)  # noqa: FBT003 - named by the function


def _ill(said: str, **params: object) -> Finding:
    return Finding(False, said, params)  # noqa: FBT003 - named by the function


def examine(*, mend: bool, fully: bool, telling: tell.Tell) -> list[Finding]:
    """Look at everything, the database first: what comes after it needs one that can be read."""
    if not mend:
        return list(_examine(mend=False, fully=fully, telling=telling))
    with stopped():
        exchange.finish()
        return list(_examine(mend=True, fully=fully, telling=telling))


def _examine(*, mend: bool, fully: bool, telling: tell.Tell) -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        telling(tell.CHECKING_DATABASE, 0, 1)
        database = _File(exchange.database_file())
        yield from database.examine(mend=mend, telling=telling)
        if not database.is_readable:
            yield from _disk(mend=mend)
            return
    else:
        yield _well(n_("The database is PostgreSQL."))
    try:
        yield from _journal(mend=mend, fully=fully, telling=telling)
        yield from _keys(mend=mend)
        yield from _holes()
        yield from _content(mend=mend, telling=telling)
        yield from _erasures()
    except DatabaseError as problem:
        yield _ill(n_("The database refuses: %(problem)s."), problem=problem)
    yield from _disk(mend=mend)


# The database


class _File:
    """SQLite's file: sound, or made so."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_readable = True

    def examine(self, *, mend: bool, telling: tell.Tell) -> Iterator[Finding]:
        if not self.path.exists():
            self.is_readable = False
            yield _ill(n_("There is no database here. `passport restore` brings one back."))
            return
        said = soundness.damage(self.path)
        if not said:
            yield _well(n_("The database is sound."))
        elif soundness.is_only_indexes(self.path, said):
            yield from self._indexes(mend=mend, telling=telling)
        else:
            yield from self._file(said, mend=mend, telling=telling)
        version = node_queries.sqlite_version()
        if version < SAFE_SQLITE:
            said_version = ".".join(map(str, version))
            yield _well(
                n_(
                    "SQLite %(version)s is older than 3.51.3: run no second program on this database."
                ),
                version=said_version,
            )

    def _indexes(self, *, mend: bool, telling: tell.Tell) -> Iterator[Finding]:
        if not mend:
            yield _ill(
                n_("An index of the database is damaged. `passport doctor --mend` writes it anew.")
            )
            return
        connection.close()
        soundness.mend_indexes(self.path)
        left = soundness.damage(self.path)
        if left:
            yield from self._file(left, mend=mend, telling=telling)
        else:
            yield _well(
                n_("An index of the database was damaged. It was written anew from its table.")
            )

    def _file(self, said: list[str], *, mend: bool, telling: tell.Tell) -> Iterator[Finding]:
        if not mend:
            self.is_readable = False
            yield _ill(
                n_(
                    "The database is damaged: %(damage)s. `passport doctor --mend` saves what can be read."
                ),
                damage=said[0],
            )
            return
        connection.close()
        try:
            saved = salvage.salvage(telling)
        except PassportError as refusal:
            self.is_readable = False
            yield _ill(refusal.message, **refusal.params)
            return
        yield _well(
            n_(
                "The database was damaged. A new one was made of the %(entries)s entries that hold."
            ),
            entries=saved.entries,
        )
        yield _well(n_("The broken file lies in %(folder)s for a month."), folder=aside.folder())
        for table in sorted(saved.lost):
            yield _ill(n_("Of the table %(table)s not every row could be read."), table=table)
        yield from _mended(saved.damages)
        if saved.lost_country:
            yield _ill(
                n_(
                    "Which country this hub belongs to is lost. Take its enrolment file again: `passport hub join`."
                )
            )


# The journal


def _journal(*, mend: bool, fully: bool, telling: tell.Tell) -> Iterator[Finding]:
    if not fully:
        broken = node_queries.broken_links()
        if not broken:
            yield _well(n_("The last entries of every chain hold."))
        for place in broken:
            yield _ill(n_("The journal is damaged at %(place)s."), place=place)
        return
    damages = list(scrub.look(lambda done, total: telling(tell.CHECKING_JOURNAL, done, total)))
    if not damages:
        yield _well(n_("Every entry of the journal holds."))
    elif mend:
        scrub.mend(damages)
        if any(damage.is_hole for damage in damages):
            sync.rebuild(by=Actor.machine())  # what was set aside counts no longer
        yield from _mended(damages)
    else:
        yield _ill(
            n_(
                "Places where the journal doesn't hold: %(number)s. `passport doctor --mend` puts right what can be."
            ),
            number=len(damages),
        )
        for damage in damages[:_NAMED]:
            yield _ill(n_("The journal is damaged at %(place)s."), place=_place(damage))


def _mended(damages: list[scrub.Damage]) -> Iterator[Finding]:
    """Say what was done about damages, and what is missing now."""
    holes = [damage for damage in damages if damage.is_hole]
    if len(damages) > len(holes):
        yield _well(
            n_("Damaged hashes of the journal, worked out again: %(number)s."),
            number=len(damages) - len(holes),
        )
    for damage in holes[:_NAMED]:
        yield _ill(
            n_("%(place)s is missing now; the next parcel asks for it."), place=_place(damage)
        )
    if len(holes) > _NAMED:
        yield _ill(
            n_("Further places with something missing: %(number)s."), number=len(holes) - _NAMED
        )


def _place(damage: scrub.Damage) -> str:
    """Name a place: the stream, the entries, and by whom they were written."""
    found = damage.found
    entries = str(found.first) if found.first == found.last else f"{found.first}–{found.last}"
    return f"{damage.stream} {entries} ({damage.origin[:8]})"


def _keys(*, mend: bool) -> Iterator[Finding]:
    """Look whether people's keys open; where none does, it is the key file that is another's."""
    try:
        unreadable = node_queries.unreadable_keys()
    except PassportError as refusal:  # the key file is missing, or locked
        yield _ill(refusal.message, **refusal.params)
        return
    if not unreadable:
        return
    people = Stream.objects.filter(kind=StreamKind.PERSON, sealed_key__isnull=False).count()
    if len(unreadable) == people > 1:
        yield _ill(n_("The key file opens nobody's key: it belongs to another database."))
    elif mend:
        node.drop_keys(by=Actor.machine(), streams=unreadable)
    else:
        yield _ill(
            n_(
                "People whose keys are damaged: %(number)s. `passport doctor --mend` asks for them again."
            ),
            number=len(unreadable),
        )


def _holes() -> Iterator[Finding]:
    waiting = Stream.objects.filter(again=True).count()
    if waiting:
        yield _ill(
            n_(
                "Streams of which something may be missing here: %(number)s. The next parcels ask for it."
            ),
            number=waiting,
        )


# Content


def _content(*, mend: bool, telling: tell.Tell) -> Iterator[Finding]:
    telling(tell.CHECKING_CONTENT, 0, 1)
    scrubbed = library.scrub(by=Actor.machine(), mend=mend)
    number = len(scrubbed.damaged)
    if not number:
        yield _well(n_("Every file of content is whole: %(number)s."), number=scrubbed.looked_at)
    elif mend:
        yield _well(
            n_(
                "Damaged files of content, gone now: %(number)s. The next parcel brings them again."
            ),
            number=number,
        )
    else:
        yield _ill(
            n_(
                "Damaged files of content: %(number)s."
                " After `passport doctor --mend` the next parcel brings them again."
            ),
            number=number,
        )
    left = leftovers.find()
    if left and mend:
        leftovers.sweep(left)
        yield _well(n_("Half-written files, swept away: %(number)s."), number=len(left))
    elif left:
        yield _ill(
            n_("Half-written files: %(number)s. `passport doctor --mend` sweeps them away."),
            number=len(left),
        )


def _erasures() -> Iterator[Finding]:
    if node_queries.awaits_erasures():
        words, params = awaited()
        yield _ill(words, **params)


# The disk


def _disk(*, mend: bool) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA).free
    gigabytes = f"{free / 1000**3:.1f}"
    if free > 2 * settings.RESERVE_BYTES:
        yield _well(n_("%(gigabytes)s GB are free."), gigabytes=gigabytes)
    else:
        yield _ill(
            n_(
                "Only %(gigabytes)s GB are free: content is refused, answers are still taken."
                " Please make room on this disk."
            ),
            gigabytes=gigabytes,
        )
    if node_queries.reserve_is_here() or (mend and node.keep_reserve()):
        yield _well(
            n_("%(megabytes)s MB are held in reserve for a full disk."),
            megabytes=settings.RESERVE_FILE_BYTES // 1000**2,
        )
    else:
        yield _ill(
            n_(
                "The reserve for a full disk is used up. It comes again by itself when there is room."
            )
        )
