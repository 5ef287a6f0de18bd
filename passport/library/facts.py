"""What the library says in the journal, and how it turns into rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import models

from passport.kernel.clock import moment, stamp_ms
from passport.kernel.encoding import plain
from passport.library.engine import blobs, shelf
from passport.library.engine.manifest import VersionManifest
from passport.library.models import (
    Blob,
    BlobState,
    Course,
    Lesson,
    SearchDeletion,
    SearchEntry,
    SearchPosting,
    SearchTerm,
    Version,
    VersionBlob,
)
from passport.node.models import Fact

__all__ = [
    "COURSE_PUBLISHED",
    "PROJECTORS",
    "TABLES",
    "VersionManifest",
    "project_course_published",
]

COURSE_PUBLISHED: Final = "course.published@1"
"""Country stream, authored by the country, merged as a fact. Body: `VersionManifest`."""


def project_course_published(fact: Fact) -> None:
    """Note a version and what it needs, and show it if it is the newest whole one.

    Idempotent, and the order in which versions arrive does not matter. Files that are here
    already, from before or from another version, count at once.
    """
    manifest = fact.read(VersionManifest)
    course, _ = Course.objects.get_or_create(id=manifest.course)
    version, made = Version.objects.get_or_create(
        id=manifest.version,
        defaults={
            "course": course,
            "number": manifest.number,
            "manifest": plain(manifest),
            "content_digest": manifest.content_digest,
            "published_at": moment(stamp_ms(fact.hlc)),
        },
    )
    if made:
        _note_needs(version, manifest)
    shelf.settle(course)


def _note_needs(version: Version, manifest: VersionManifest) -> None:
    Blob.objects.bulk_create(
        (
            Blob(
                sha256=sha256,
                size=blob.size,
                media_type=blob.type[:60],
                extension=blob.extension,
                state=BlobState.PRESENT
                if blobs.is_here(sha256, blob.extension, blob.size)
                else BlobState.MISSING,
            )
            for sha256, blob in manifest.blobs.items()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    VersionBlob.objects.bulk_create(
        (VersionBlob(version=version, blob_id=sha256) for sha256 in manifest.blobs),
        batch_size=500,
    )


PROJECTORS: dict[str, Callable[[Fact], None]] = {COURSE_PUBLISHED: project_course_published}
TABLES: tuple[type[models.Model], ...] = (
    SearchPosting,
    SearchEntry,
    SearchDeletion,
    SearchTerm,
    VersionBlob,
    Blob,
    Lesson,
    Version,
    Course,
)
"""What a rebuild empties, in this order. Whether a blob's file is here is looked up again."""
