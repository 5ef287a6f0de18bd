"""Tables of the library. All but the state of blobs are projections of the country's journal."""

from __future__ import annotations

from typing import Any, ClassVar, override

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from passport.node.models import JSONColumn


class Audience(models.TextChoices):
    """Whom a course is for."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"


class Course(models.Model):
    """A course, as its current version says it is: the newest one that is whole here.

    Texts are by language. Without a current version a course is known but can't be shown yet.
    """

    id = models.UUIDField(primary_key=True)
    current = models.ForeignKey(
        "library.Version", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    titles = JSONColumn(default=dict)
    summaries = JSONColumn(default=dict)
    category = JSONColumn(default=dict)
    audience = models.CharField(max_length=11, choices=Audience.choices, default=Audience.LEARNER)
    licence = models.CharField(max_length=10_000, blank=True)
    credits = models.TextField(blank=True)
    tags = JSONColumn(default=list)
    colour = models.CharField(max_length=10, blank=True)
    cover = models.CharField(max_length=80, blank=True)
    """The file name of the cover under /media/; "" for none."""
    languages = JSONColumn(default=list)
    pinned = models.BooleanField(default=False)
    lesson_count = models.IntegerField(default=0)
    sort_title = models.CharField(max_length=200, blank=True)
    """The folded leading title, for lists."""

    class Meta:
        """Lists show pinned courses first, then by title."""

        indexes: ClassVar = [
            models.Index(fields=["-pinned", "sort_title", "id"], name="library_course_listed"),
        ]

    @override
    def __str__(self) -> str:
        return str(next(iter(self.titles.values()), self.id))


class Version(models.Model):
    """One published, immutable state of a course."""

    id = models.UUIDField(primary_key=True)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.IntegerField()
    manifest = JSONColumn()
    content_digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    """By the country's clock."""
    ready = models.BooleanField(default=False)
    """All its blobs are here. Local to this node."""

    class Meta:
        """Asked by course, the newest first."""

        indexes: ClassVar = [
            models.Index(fields=["course", "-number"], name="library_version_newest"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.course_id} version {self.number}"


class LessonKind(models.TextChoices):
    """How a lesson is played."""

    ARTICLE = "article"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    QUIZ = "quiz"
    HTML5 = "html5"
    H5P = "h5p"
    SCORM = "scorm"
    CMI5 = "cmi5"
    BOOK = "book"


class Lesson(models.Model):
    """A lesson of a course; its id is the same in every version and language, so progress stays."""

    id = models.UUIDField(primary_key=True)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="lessons", db_index=False
    )
    slug = models.CharField(max_length=60)
    position = models.IntegerField(null=True)
    """From 1, in the current version; None: a version before had it."""
    kind = models.CharField(max_length=20, choices=LessonKind.choices)
    minutes = models.IntegerField(default=0)
    titles = JSONColumn(default=dict)
    content = JSONColumn(default=dict)
    """The lesson's part of the current manifest (`engine.manifest.LessonManifest`)."""

    class Meta:
        """Lessons are read by course, in order."""

        indexes: ClassVar = [
            models.Index(fields=["course", "position"], name="library_lesson_in_order"),
        ]

    @override
    def __str__(self) -> str:
        return str(next(iter(self.titles.values()), self.slug))


class BlobState(models.TextChoices):
    """Whether a blob's file is on this node."""

    PRESENT = "present"
    MISSING = "missing"


class Blob(models.Model):
    """A file that some version needs, by the hash of its bytes. `state` is local to this node."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=60)
    extension = models.CharField(max_length=8)
    state = models.CharField(
        max_length=7, choices=BlobState.choices, default=BlobState.MISSING, db_index=True
    )
    looked_at = models.DateTimeField(null=True)
    """When its bytes were last compared with its name."""

    @override
    def __str__(self) -> str:
        return f"{self.sha256}.{self.extension}"


class VersionBlob(models.Model):
    """That a version needs a blob."""

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="needs", db_index=False
    )
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="needed_by")

    class Meta:
        """A need is noted once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "blob"], name="library_need_once"),
        ]


# Search: an index of our own, the same on SQLite and PostgreSQL. It holds only what is published.


class CodePointOrder(models.CharField):  # type: ignore[type-arg] # generic in the stubs only
    """Text compared by code point on every database, so that a prefix is a range."""

    @override
    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = {**super().db_parameters(connection)}
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SearchTerm(models.Model):
    """A folded word that stands somewhere in the library."""

    text = CodePointOrder(max_length=40, unique=True)

    @override
    def __str__(self) -> str:
        return str(self.text)


class SearchDeletion(models.Model):
    """A term with one letter left out: how a slip of the finger still finds it."""

    text = models.CharField(max_length=40)
    term = models.ForeignKey(
        SearchTerm, on_delete=models.CASCADE, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip

    class Meta:
        """Asked by text only; the answer is in the index."""

        indexes: ClassVar = [models.Index(fields=["text", "term"], name="library_deletion")]


class SearchEntry(models.Model):
    """A course in the index, under a small number."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=11, choices=Audience.choices)
    length = models.IntegerField()
    """Words in the titles: of two equal finds the shorter title is the better one."""

    class Meta:
        """Few courses are for facilitators; those are looked up to be left out."""

        indexes: ClassVar = [models.Index(fields=["audience"], name="library_entry_audience")]


class SearchPosting(models.Model):
    """A term stands in a course, at a place of some weight, and in some of its lessons.

    Which lessons, in their text or title and in their title alone, are sets as bits: bit n for the
    n-th, the number as bytes, little end first. One row a course keeps common words short.
    """

    term = models.ForeignKey(
        SearchTerm,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    entry = models.ForeignKey(
        SearchEntry, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    weight = models.SmallIntegerField()
    lessons = models.BinaryField()
    titled = models.BinaryField()

    class Meta:
        """One index ranks courses without touching the table."""

        indexes: ClassVar = [
            models.Index(fields=["term", "entry", "weight"], name="library_posting"),
        ]
