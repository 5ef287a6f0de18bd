"""Writes of the library: publishing, and the coming and going of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from pathlib import Path
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.errors import Damaged
from passport.library.engine import blobs, chunks, shelf
from passport.library.engine.compile import Compiled, compile_course, files_of
from passport.library.engine.manifest import CourseManifest, content_digest, version_of
from passport.library.engine.problems import Problem, Report, Severity, has_errors
from passport.library.errors import CourseRefused
from passport.library.facts import COURSE_PUBLISHED, project_course_published
from passport.library.models import Blob, BlobState, Course, Version
from passport.library.policies import check_may_publish
from passport.node.actions import note, writes
from passport.node.models import Stream
from passport.node.queries import role

__all__ = [
    "CheckReport",
    "Problem",
    "Publication",
    "Scrubbed",
    "Severity",
    "bring_back",
    "check",
    "look_again",
    "publish",
    "scrub",
    "take_blob",
]


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a course folder is and what is wrong with it. `course` is None when it has errors."""

    course: CourseManifest | None
    problems: tuple[Problem, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not has_errors(self.problems)


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing came to. `problems` are warnings only; `number` counts from 1."""

    course: UUID
    version: UUID
    number: int
    nothing_changed: bool
    problems: tuple[Problem, ...]


class Scrubbed(msgspec.Struct, frozen=True, kw_only=True):
    """What a scrub found: how many files were read, and which of them are to be fetched again."""

    looked_at: int
    damaged: tuple[str, ...]


def check(folder: Path) -> CheckReport:
    """Read a course folder, or a zip of one, and tell all that is wrong; changes nothing (R058)."""
    report = Report()
    with files_of(folder, report) as tree:
        compiled = compile_course(tree, report)
    return CheckReport(course=compiled.course, problems=report.problems)


def publish(*, by: Actor, folder: Path) -> Publication:
    """Publish a course folder, or a zip of one, as the next version of its course.

    The same content as the newest version publishes nothing. Lessons keep their ids. Files are on
    the disk before the journal speaks of them. Raises `NotAllowed`, `CourseRefused` (which holds
    the list of problems) and `NoRoom`. R058, R086.
    """
    check_may_publish(by, role())
    report = Report()
    with files_of(folder, report) as tree:
        compiled = compile_course(tree, report)
        if compiled.course is None:
            raise CourseRefused(report.problems)
        _keep_files(compiled)
        course = compiled.course
    version, nothing_changed = _publish(by=by, course=course)
    return Publication(
        course=course.course,
        version=version.pk,
        number=version.number,
        nothing_changed=nothing_changed,
        problems=compiled.problems,
    )


def _keep_files(compiled: Compiled) -> None:
    for piece in compiled.pieces.values():
        if blobs.is_here(piece.sha256, piece.extension, piece.size):
            continue
        source = piece.data if piece.data is not None else piece.path
        if source is not None:
            blobs.keep(piece.sha256, piece.extension, source)
            if piece.size >= chunks.WORTH_CUTTING:  # now, and not while a hub waits for its answer
                chunks.cuts_of(piece.sha256, blobs.place_of(piece.sha256, piece.extension))


@writes
def _publish(*, by: Actor, course: CourseManifest) -> tuple[Version, bool]:
    newest = (
        Version.objects.filter(course=course.course)
        .order_by("-number", "-published_at", "-id")
        .first()
    )
    if newest is not None and newest.content_digest == content_digest(course):
        _found_again(course)
        return newest, True
    manifest = version_of(course, 1 if newest is None else newest.number + 1)
    fact = note(by=by, stream=Stream.country(), kind=COURSE_PUBLISHED, body=manifest)
    _found_again(course)
    project_course_published(fact)
    return Version.objects.get(pk=manifest.version), False


def _found_again(course: CourseManifest) -> None:
    """Files that had rotted are whole again once the author's copy has been kept."""
    _mark(course.blobs, BlobState.PRESENT)
    known = Course.objects.filter(pk=course.course).first()
    if known is not None:
        shelf.settle(known)


def take_blob(*, sha256: str, source: Path | bytes, move: bool = False) -> bool:
    """Take a file that came from elsewhere; tells whether it was wanting here.

    `move`: the source is a file on the node's own disk that is given away, not copied.

    The file is checked and on the disk before the library counts on it; then, with the last file
    of a version, that version is shown in place of the older one. Taking a file twice changes
    nothing. Raises `Damaged` for other bytes than the name says, and `NoRoom`. Content is trusted
    for its hash, which the country has signed, so it does not matter who brings it.
    """
    blob = Blob.objects.filter(pk=sha256, state=BlobState.MISSING).first()
    if blob is None:
        return False
    if move and isinstance(source, Path):
        blobs.adopt(sha256, blob.extension, source)
    else:
        blobs.keep(sha256, blob.extension, source)
    _taken(by=Actor.machine(), sha256=sha256)
    return True


@writes
def _taken(*, by: Actor, sha256: str) -> None:
    del by
    _mark([sha256], BlobState.PRESENT)
    _settle_all([sha256])


def bring_back(*, by: Actor, sha256: str, extension: str, source: Path) -> bool:
    """Put a file of a backup in its place before the journal speaks of it; tells whether it was wanting.

    Raises `Damaged` for other bytes than the name says, and `NoRoom`.
    """
    if not by.is_machine or not blobs.is_sha256(sha256) or not extension.isalnum():
        raise Damaged("This is not the name of a file of content.")
    if blobs.is_here(sha256, extension, source.stat().st_size):
        return False
    blobs.keep(sha256, extension, source)
    return True


def scrub(*, by: Actor, most_bytes: int | None = None, mend: bool = True) -> Scrubbed:
    """Compare files with their names, those that have waited longest first (R035).

    A file that is not what it was is removed and counts as missing, so that it is fetched again,
    unless this is only to look (`mend`). `most_bytes` bounds one run; the next goes on where it ended.
    """
    looked_at: list[str] = []
    damaged: list[str] = []
    read = 0
    waiting = (
        Blob.objects.filter(state=BlobState.PRESENT)
        .order_by("looked_at", "sha256")
        .values_list("sha256", "extension", "size")
    )
    # Never looked at comes first on SQLite and last on PostgreSQL: ask for it in words.
    never, before = waiting.filter(looked_at=None), waiting.exclude(looked_at=None)
    for sha256, extension, size in [*never, *before]:
        if most_bytes is not None and read + size > most_bytes and looked_at:
            break
        read += size
        looked_at.append(sha256)
        if not blobs.is_whole(sha256, extension):
            damaged.append(sha256)
            if mend:
                blobs.discard(sha256, extension)
    if mend:
        _scrubbed(by=by, looked_at=looked_at, damaged=damaged)
    return Scrubbed(looked_at=len(looked_at), damaged=tuple(damaged))


def look_again(*, by: Actor, sha256: str) -> bool:
    """Compare one file with its name now; tells whether it is here and whole.

    For one whose bytes surprised: damaged, it is removed and counts as missing, as after a scrub. And
    for one that was given its place just when the power went: whole, it counts as here.
    """
    blob = Blob.objects.filter(pk=sha256).first()
    if blob is None:
        return False
    is_whole = blobs.is_whole(sha256, blob.extension)
    if is_whole and blob.state == BlobState.MISSING:
        _taken(by=by, sha256=sha256)
    elif not is_whole and blob.state == BlobState.PRESENT:
        blobs.discard(sha256, blob.extension)
        _scrubbed(by=by, looked_at=[sha256], damaged=[sha256])
    return is_whole


@writes
def _scrubbed(*, by: Actor, looked_at: Sequence[str], damaged: Sequence[str]) -> None:
    del by
    now = moment(now_ms())
    for some in _portions(looked_at):
        Blob.objects.filter(pk__in=some).update(looked_at=now)
    _mark(damaged, BlobState.MISSING)
    _settle_all(damaged)


def _mark(names: Iterable[str], state: BlobState) -> None:
    for some in _portions(list(names)):
        Blob.objects.filter(pk__in=some).exclude(state=state).update(state=state)


def _versions_needing(names: Iterable[str]) -> QuerySet[Version]:
    return Version.objects.filter(needs__blob__in=names).defer("manifest")


def _portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return batched(names, 500)


def _settle_all(names: Sequence[str]) -> None:
    """Look again at every course that needs one of these files."""
    courses: set[UUID] = set()
    for some in _portions(names):
        courses.update(_versions_needing(some).values_list("course_id", flat=True))
    for course in Course.objects.filter(pk__in=courses):
        shelf.settle(course)
