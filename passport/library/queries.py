"""Questions to the library: what people may see, scoped by who asks; what other rooms need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import batched
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from passport.kernel.actor import Actor
from passport.kernel.encoding import read
from passport.kernel.errors import Damaged, NotFound
from passport.kernel.text import Direction, direction
from passport.library.engine import blobs, finding, licences, likeness
from passport.library.engine.article import Article
from passport.library.engine.chunks import WORTH_CUTTING
from passport.library.engine.fields import said_in
from passport.library.engine.likeness import Copy
from passport.library.engine.manifest import Content, LessonManifest, VersionManifest
from passport.library.engine.media import KNOWN
from passport.library.engine.packages.launch import Launch
from passport.library.engine.quiz import Answer, Choice, Picture, Question, Quiz, Show, in_language
from passport.library.errors import NotHere
from passport.library.models import Blob, BlobState, Course, Lesson, Version, VersionBlob
from passport.library.policies import check_may_see, hidden_from
from passport.node.queries import Prepared

__all__ = [
    "Answer",
    "BlobFile",
    "Captions",
    "Catalogue",
    "Choice",
    "Content",
    "Copy",
    "CourseCard",
    "CoursePage",
    "FoundLesson",
    "LessonCard",
    "LessonContent",
    "LessonManifest",
    "LessonName",
    "MediaFile",
    "Picture",
    "Question",
    "Quiz",
    "Show",
    "VersionLine",
    "VersionManifest",
    "alike",
    "blobs_for",
    "catalogue",
    "check_room",
    "course_cards",
    "course_page",
    "current_versions",
    "every_file",
    "files_here",
    "first_publications",
    "held_by",
    "is_sha256",
    "lesson_content",
    "lesson_names",
    "media_file",
    "missing_blobs",
    "quiz",
    "quiz_in_language",
    "sizes_of_missing",
    "titles_of_versions",
    "version_ids",
    "version_manifest",
    "versions_held",
    "versions_of",
]

PAGE_SIZE = 24
_HEX_ID: Final = re.compile(r"[0-9a-f]{32}")
_CARD = (
    "id", "current_id", "current__number", "current__published_at", "titles", "summaries",
    "category", "audience", "colour", "cover", "languages", "pinned", "lesson_count",
)  # fmt: skip


class FoundLesson(msgspec.Struct, frozen=True, kw_only=True):
    """The lesson in which the words looked for stand."""

    id: UUID
    kind: str
    title: str


class CourseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A course as a list shows it, its texts in the language asked for or the nearest there is."""

    id: UUID
    version: UUID
    number: int
    published_at: datetime
    title: str
    summary: str
    category: str
    audience: str
    colour: str
    cover: str
    """The address of the cover picture; "" for none."""
    language: str
    """The language the texts are in, and so the course's lessons where they have it."""
    languages: tuple[str, ...]
    pinned: bool
    lessons: int
    found: FoundLesson | None = None


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of courses. `page` counts from 1; `total` is at most 500 for a search."""

    courses: tuple[CourseCard, ...]
    page: int
    pages: int
    total: int


class LessonCard(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson as the course's page shows it. `pages`, `seconds`, `questions`: 0 where not apt."""

    id: UUID
    slug: str
    position: int
    kind: str
    minutes: int
    title: str
    pages: int
    seconds: int
    questions: int
    pass_mark: int


class CoursePage(msgspec.Struct, frozen=True, kw_only=True):
    """A course with its lessons in order, and what its licence asks to be shown (R058)."""

    card: CourseCard
    direction: Direction
    licence: str
    licence_address: str
    credits: str
    tags: tuple[str, ...]
    lessons: tuple[LessonCard, ...]


class Captions(msgspec.Struct, frozen=True, kw_only=True):
    """A captions track."""

    language: str
    address: str


class LessonContent(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson ready to be played, in `language`: the one asked for, or the nearest there is.

    Which fields are set follows `kind`: an article has `pages`; video, audio and document have
    `address`, the former two `seconds`, the latter `page_count`; a quiz has `quiz`.
    """

    id: UUID
    course: UUID
    version: UUID
    course_title: str
    colour: str
    slug: str
    position: int
    lessons: int
    """How many lessons the course has."""
    previous: UUID | None
    next: UUID | None
    kind: str
    title: str
    minutes: int
    language: str
    direction: Direction
    languages: tuple[str, ...]
    licence: str
    licence_address: str
    credits: str
    pages: tuple[str, ...] = ()
    """Clean HTML, ready for a page."""
    page_count: int = 0
    address: str = ""
    media_type: str = ""
    seconds: int = 0
    captions: tuple[Captions, ...] = ()
    transcript: tuple[str, ...] = ()
    """Pages of clean HTML; empty when there is none."""
    picture: str = ""
    """The address of the poster or picture; "" for none."""
    quiz: Quiz | None = None
    launch: Launch | None = None
    """Of a package; its files are under `package`."""
    package: str = ""
    """The SHA-256 of a package's files."""


class BlobFile(msgspec.Struct, frozen=True, kw_only=True):
    """A blob that is here, for sending it on."""

    sha256: str
    size: int
    extension: str
    media_type: str
    path: Path


class MediaFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that pages may show."""

    path: Path
    media_type: str


# For learners and staff


ORDERS: Final = {
    "": ("-pinned", "sort_title", "id"),
    "title": ("sort_title", "id"),
    "newest": ("-current__published_at", "id"),
    "lessons": ("-lesson_count", "sort_title", "id"),
}


def catalogue(
    *,
    by: Actor,
    language: str,
    text: str = "",
    order: str = "",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Catalogue:
    """Courses to choose from, in one of the `ORDERS`; or the best finds for `text` (R191)."""
    if text.strip():
        return _search(by, language, text, page, size)
    shown = _shown(by).order_by(*ORDERS.get(order, ORDERS[""]))
    total = shown.count()
    page, pages = _bounded(page, total, size)
    rows = shown.values(*_CARD)[(page - 1) * size : page * size]
    courses = tuple(_card(row, language) for row in rows)
    return Catalogue(courses=courses, page=page, pages=pages, total=total)


def first_courses(*, by: Actor, language: str, size: int) -> tuple[CourseCard, ...]:
    """The beginning of the catalogue, in one question to the database."""
    rows = _shown(by).order_by(*ORDERS[""]).values(*_CARD)[:size]
    return tuple(_card(row, language) for row in rows)


def course_cards(*, by: Actor, language: str, courses: Iterable[UUID]) -> dict[UUID, CourseCard]:
    """Cards of some courses by id; those that are not here or not for this actor are left out."""
    wanted = list(dict.fromkeys(courses))
    rows = _cards_for(hidden_from(by))(*wanted) if wanted else []
    return {row[0]: _card(dict(zip(_CARD, row, strict=True)), language) for row in rows}


@cache
def _cards_for(hidden: str | None) -> Prepared[tuple[Any, ...]]:
    """Give the question for cards of those who don't see courses for this audience."""
    shown = _visible(hidden)
    return Prepared(lambda *courses: shown.filter(pk__in=courses).values_list(*_CARD))


def course_page(*, by: Actor, course_id: UUID, language: str) -> CoursePage:
    """A course and its lessons, in two questions to the database. Raises `NotFound`."""
    row = _shown(by).filter(pk=course_id).values(*_CARD, "licence", "credits", "tags").first()
    if row is None:
        raise NotFound("There is no such course here.")
    card = _card(row, language)
    lessons = (
        Lesson.objects.filter(course=course_id, position__isnull=False)
        .order_by("position")
        .values("id", "slug", "position", "kind", "minutes", "titles", "content")
    )
    return CoursePage(
        card=card,
        direction=direction(card.language),
        licence=row["licence"],
        licence_address=licences.address_of(row["licence"]),
        credits=row["credits"],
        tags=tuple(row["tags"]),
        lessons=tuple(_lesson_card(lesson, language) for lesson in lessons),
    )


def lesson_content(*, by: Actor, lesson_id: UUID, language: str) -> LessonContent:
    """All that is needed to play a lesson of the version now shown.

    Raises `NotFound`, and `NotHere` when a file of it is damaged and waits to be fetched again.
    """
    row = (
        Lesson.objects.filter(
            pk=lesson_id, position__isnull=False, course__current__isnull=False
        )
        .values(
            "id", "slug", "position", "kind", "minutes", "titles", "content", "course_id",
            "course__current_id", "course__titles", "course__audience", "course__licence",
            "course__credits", "course__colour", "course__lesson_count",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise NotFound("There is no such lesson here.")
    check_may_see(by, row["course__audience"])
    manifest = version_manifest(row["course__current_id"])
    lesson = msgspec.convert(row["content"], LessonManifest)
    return _content(row, lesson, manifest, language)


def media_file(name: str) -> MediaFile:
    """A file under /media/ by its name, "<sha256>.<extension>". Raises `NotFound`.

    Texts and quizzes are blobs too, and are never found here.
    """
    sha256, _, extension = name.partition(".")
    known = KNOWN.get(extension)
    if known is None or not blobs.is_sha256(sha256):
        raise NotFound("There is no such file here.")
    path = blobs.place_of(sha256, extension)
    if not path.is_file():
        raise NotFound("There is no such file here.")
    return MediaFile(path=path, media_type=known.media_type)


# For the office and for facilitators


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A published version. `size` in bytes, all files and languages together."""

    id: UUID
    number: int
    published_at: datetime
    ready: bool
    """All its files are here."""
    lessons: int
    languages: tuple[str, ...]
    size: int


def versions_of(*, by: Actor, course_id: UUID) -> list[VersionLine]:
    """Every version of a course, the newest first. Raises `NotFound`."""
    if not _shown(by).filter(pk=course_id).exists():
        raise NotFound("There is no such course here.")
    lines = []
    for version in Version.objects.filter(course=course_id).order_by("-number", "-published_at"):
        content = version_manifest(version.pk)
        lines.append(
            VersionLine(
                id=version.pk,
                number=version.number,
                published_at=version.published_at,
                ready=version.ready,
                lessons=len(content.lessons),
                languages=content.languages,
                size=sum(blob.size for blob in content.blobs.values()),
            )
        )
    return lines


class LessonName(msgspec.Struct, frozen=True, kw_only=True):
    """What a lesson is called, and where it stands. `position` None: an older version had it."""

    id: UUID
    course: UUID
    title: str
    kind: str
    position: int | None


def lesson_names(*, lessons: Iterable[UUID], language: str) -> dict[UUID, LessonName]:
    """The names of some lessons by id; those that are not here are left out."""
    rows = Lesson.objects.filter(pk__in=set(lessons)).values_list(
        "id", "course_id", "titles", "kind", "position"
    )
    return {
        pk: LessonName(
            id=pk, course=course, title=said_in(titles, language), kind=kind, position=position
        )
        for pk, course, titles, kind, position in rows
    }


def titles_of_versions(versions: Iterable[str], language: str) -> dict[str, str]:
    """The course titles of some versions, given and returned as hex ids; unknown: left out."""
    known = []
    for text in set(versions):
        try:
            known.append(UUID(text))
        except ValueError:
            continue
    rows = Version.objects.filter(pk__in=known).values_list("pk", "course__titles")
    return {pk.hex: said_in(titles, language) for pk, titles in rows}


# For other rooms


@lru_cache(maxsize=256)
def version_manifest(version_id: UUID) -> VersionManifest:
    """What a version is; it never changes. Raises `NotFound`."""
    manifest = Version.objects.filter(pk=version_id).values_list("manifest", flat=True).first()
    if manifest is None:
        raise NotFound("There is no such course here.")
    return msgspec.convert(manifest, VersionManifest)


def version_ids(course_id: UUID) -> list[UUID]:
    """The versions of a course that this node knows, the newest first, whole or not."""
    return list(
        Version.objects.filter(course=course_id)
        .order_by("-number", "-published_at", "-id")
        .values_list("pk", flat=True)
    )


def quiz(version_id: UUID, lesson_id: UUID) -> Quiz:
    """A quiz as a version has it, with its key. Raises `NotFound` and `NotHere`."""
    lessons = version_manifest(version_id).lessons
    found = next((each for each in lessons if each.id == lesson_id and each.quiz), None)
    if found is None:
        raise NotFound("There is no such quiz here.")
    return _quiz_blob(found.quiz)


def quiz_in_language(of: Quiz, language: str) -> dict[str, Any]:
    """What a page may hold of a quiz: plain values, one language, no key."""
    return in_language(of, language)


def first_publications() -> list[datetime]:
    """For each course, when its first version was published."""
    return list(
        Course.objects.annotate(first=Min("versions__published_at"))
        .filter(first__isnull=False)
        .values_list("first", flat=True)
    )


def current_versions() -> list[str]:
    """The versions that are shown here, one for each course, as hex ids."""
    shown = Course.objects.filter(current__isnull=False).values_list("current_id", flat=True)
    return [pk.hex for pk in shown]


def versions_held() -> list[str]:
    """The versions that are whole here, as hex ids."""
    return [pk.hex for pk in Version.objects.filter(ready=True).values_list("pk", flat=True)]


def missing_blobs(limit: int | None = None) -> list[str]:
    """The files to ask for, the smallest first.

    They are those of each course's newest version, and those that have rotted in the one shown.
    """
    names = _missing().order_by("size", "sha256").values_list("sha256", flat=True)
    return list(names if limit is None else names[:limit])


def sizes_of_missing() -> dict[str, int]:
    """How large each file to ask for is, as the country has signed it."""
    return dict(_missing().values_list("sha256", "size"))


def is_sha256(text: str) -> bool:
    """Tell whether this can be the name of a file of content."""
    return blobs.is_sha256(text)


def every_file() -> Iterator[tuple[str, str, int, Path]]:
    """Every file of content that is here: SHA-256, extension, size, and where it lies."""
    rows = Blob.objects.filter(state=BlobState.PRESENT).order_by("sha256")
    for sha256, extension, size in rows.values_list("sha256", "extension", "size").iterator():
        yield sha256, extension, size, blobs.place_of(sha256, extension)


def blobs_for(*, wanted: Iterable[str], unless_held: Iterable[str]) -> list[BlobFile]:
    """The files to send to a peer, the smallest first.

    Those that it asked for, and all of the newest versions that it neither holds nor can know of:
    had it known one of those, it would have asked for some file of it.
    """
    asked = set(wanted)
    news: set[str] = set()
    for names in _unheld(unless_held).values():
        if not names & asked:
            news |= names
    if news:
        news -= _names_of(_uuids(unless_held))
    return _files(asked | news)


def held_by(*, wanted: Collection[str], held: Iterable[str]) -> list[BlobFile]:
    """The files, worth cutting, that a peer has and we have too: new ones may be like them.

    Those of the versions that it holds whole; and of a version of which it asks for some files, the
    others. (Should it not have one of them after all, it says so, and gets all the bytes.)
    """
    asked = set(wanted)
    names = _names_of(_uuids(held))
    for some in _unheld(held).values():
        if some & asked:
            names |= some - asked
    return [file for file in _files(names) if file.size >= WORTH_CUTTING]


def alike(new: Sequence[BlobFile], held: Iterable[BlobFile]) -> dict[str, list[Copy]]:
    """What new files have in common with held ones and with one another, by name; see `Copy`."""
    return likeness.alike([file for file in new if file.size >= WORTH_CUTTING], held)


def files_here(names: Iterable[str]) -> dict[str, BlobFile]:
    """Those of some blobs that are here, by name."""
    return {file.sha256: file for file in _files(set(names))}


def check_room(size: int) -> None:
    """Raise `NoRoom` when so much content would fill the disk."""
    blobs.check_content_room(size)


# Private


def _uuids(versions: Iterable[str]) -> list[UUID]:
    """Read ids that a peer has sent."""
    return [UUID(each) for each in versions if _HEX_ID.fullmatch(each)]


def _missing() -> QuerySet[Blob]:
    return Blob.objects.filter(
        Q(needed_by__version__in=_newest()) | Q(needed_by__version__in=_current()),
        state=BlobState.MISSING,
    ).distinct()


def _unheld(held: Iterable[str]) -> dict[UUID, set[str]]:
    """The newest versions that a peer doesn't hold, with the names of their files."""
    newest = set(_newest().values_list("pk", flat=True)) - set(_uuids(held))
    found: dict[UUID, set[str]] = {version: set() for version in newest}
    for some in batched(newest, 500):
        for version, name in VersionBlob.objects.filter(version__in=some).values_list(
            "version_id", "blob_id"
        ):
            found[version].add(name)
    return found


def _names_of(versions: Iterable[UUID]) -> set[str]:
    return {
        name
        for some in batched(versions, 500)
        for name in VersionBlob.objects.filter(version__in=some).values_list("blob_id", flat=True)
    }


def _files(names: Iterable[str]) -> list[BlobFile]:
    """Those of some blobs whose files are here, the smallest first."""
    rows = [
        row
        for some in batched(names, 500)
        for row in Blob.objects.filter(pk__in=some, state=BlobState.PRESENT).values_list(
            "size", "sha256", "extension", "media_type"
        )
    ]
    return [
        BlobFile(
            sha256=sha256,
            size=size,
            extension=extension,
            media_type=media_type,
            path=blobs.place_of(sha256, extension),
        )
        for size, sha256, extension, media_type in sorted(rows)
        if blobs.is_here(sha256, extension, size)
    ]


def _shown(by: Actor) -> QuerySet[Course]:
    return _visible(hidden_from(by))


def _visible(hidden: str | None) -> QuerySet[Course]:
    courses = Course.objects.filter(current__isnull=False)
    return courses if hidden is None else courses.exclude(audience=hidden)


def _newest() -> QuerySet[Version, Any]:
    """The newest version of each course, whole or not."""
    of_same_course = Version.objects.filter(course=OuterRef("course")).order_by(
        "-number", "-published_at", "-id"
    )
    return Version.objects.filter(pk=Subquery(of_same_course.values("pk")[:1])).values("pk")


def _current() -> QuerySet[Version, Any]:
    return Version.objects.filter(course__current=F("pk")).values("pk")


def _bounded(page: int, total: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return min(max(page, 1), pages), pages


def _search(by: Actor, language: str, text: str, page: int, size: int) -> Catalogue:
    slots = finding.understood(text)
    found = finding.find(slots, hidden=hidden_from(by))
    page, pages = _bounded(page, len(found), size)
    some = found[(page - 1) * size : page * size]
    cards = course_cards(by=by, language=language, courses=[each.course for each in some])
    where = _found_lessons(slots, some, language)
    courses = tuple(
        msgspec.structs.replace(cards[each.course], found=where.get(each.course))
        for each in some
        if each.course in cards
    )
    return Catalogue(courses=courses, page=page, pages=pages, total=len(found))


def _found_lessons(
    slots: finding.Slots, some: Sequence[finding.Found], language: str
) -> dict[UUID, FoundLesson]:
    places = finding.best_lessons(slots, [each.entry for each in some])
    wanted = {each.course: places[each.entry] for each in some if each.entry in places}
    if not wanted:
        return {}
    at: list[object] = []
    for course, position in wanted.items():
        at += [Lesson._meta.pk.get_db_prep_value(course, connection), position]  # noqa: SLF001 - public in all but name
    rows = Lesson.objects.raw(
        "SELECT id, course_id, kind, titles FROM library_lesson WHERE (course_id, position) IN"  # noqa: S608 - marks only
        f" (VALUES {', '.join(['(%s, %s)'] * len(wanted))})",
        at,
    )
    return {
        row.course_id: FoundLesson(id=row.pk, kind=row.kind, title=said_in(row.titles, language))
        for row in rows
    }


def _card(row: Mapping[str, Any], language: str) -> CourseCard:
    return CourseCard(
        id=row["id"],
        version=row["current_id"],
        number=row["current__number"],
        published_at=row["current__published_at"],
        title=said_in(row["titles"], language),
        summary=said_in(row["summaries"], language),
        category=said_in(row["category"], language),
        audience=row["audience"],
        colour=row["colour"],
        cover=f"/media/{row['cover']}" if row["cover"] else "",
        language=_nearest(row["titles"], language),
        languages=tuple(row["languages"]),
        pinned=row["pinned"],
        lessons=row["lesson_count"],
    )


def _lesson_card(row: Mapping[str, Any], language: str) -> LessonCard:
    """Read what is needed and no more: 60 of these are on a page."""
    content = row["content"].get("content", {})
    said: dict[str, Any] = content.get(_nearest(content, language), {})
    return LessonCard(
        id=row["id"],
        slug=row["slug"],
        position=row["position"],
        kind=row["kind"],
        minutes=row["minutes"],
        title=said_in(row["titles"], language),
        pages=said.get("pages", 0),
        seconds=said.get("seconds", 0),
        questions=row["content"].get("questions", 0),
        pass_mark=row["content"].get("pass_mark", 0),
    )


def _nearest(by_language: Iterable[str], language: str) -> str:
    """The language asked for, one like it, or the first; "" when there is none."""
    return said_in({name: name for name in by_language}, language)


def _content(
    row: Mapping[str, Any], lesson: LessonManifest, manifest: VersionManifest, language: str
) -> LessonContent:
    spoken = _nearest(lesson.content or lesson.titles, language)
    order = [each.id for each in manifest.lessons]
    at = order.index(lesson.id)
    base = LessonContent(
        id=lesson.id,
        course=row["course_id"],
        version=row["course__current_id"],
        course_title=said_in(row["course__titles"], language),
        colour=row["course__colour"],
        slug=lesson.slug,
        position=row["position"],
        lessons=len(order),
        previous=order[at - 1] if at else None,
        next=order[at + 1] if at + 1 < len(order) else None,
        kind=lesson.kind,
        title=said_in(lesson.titles, language),
        minutes=lesson.minutes,
        language=spoken,
        direction=direction(spoken),
        languages=tuple(lesson.content or manifest.languages),
        licence=row["course__licence"],
        licence_address=licences.address_of(row["course__licence"]),
        credits=row["course__credits"],
    )
    if lesson.quiz:
        return msgspec.structs.replace(base, quiz=_quiz_blob(lesson.quiz))
    content = lesson.content.get(spoken)
    if content is None:
        return base
    if lesson.kind == "article":
        pages = _article_blob(content.blob).pages
        return msgspec.structs.replace(base, pages=pages, page_count=len(pages))
    if content.launch:
        launch = _launch_blob(content.launch)
        return msgspec.structs.replace(
            base, launch=launch, package=content.blob, page_count=content.pages
        )
    return _recorded(base, lesson, manifest, content)


def _recorded(
    base: LessonContent, lesson: LessonManifest, manifest: VersionManifest, content: Content
) -> LessonContent:
    transcript = said_in(lesson.transcripts, base.language)
    return msgspec.structs.replace(
        base,
        address=_address(manifest, content.blob),
        media_type=manifest.blobs[content.blob].type,
        seconds=content.seconds,
        page_count=content.pages,
        captions=tuple(
            Captions(language=name, address=_address(manifest, sha256))
            for name, sha256 in lesson.captions.items()
        ),
        transcript=_article_blob(transcript).pages if transcript else (),
        picture=_address(manifest, lesson.picture) if lesson.picture else "",
    )


def _address(manifest: VersionManifest, sha256: str) -> str:
    return f"/media/{sha256}.{manifest.blobs[sha256].extension}"


@lru_cache(maxsize=128)
def _article_blob(sha256: str) -> Article:
    return _blob(sha256, Article)


@lru_cache(maxsize=128)
def _quiz_blob(sha256: str) -> Quiz:
    return _blob(sha256, Quiz)


@lru_cache(maxsize=128)
def _launch_blob(sha256: str) -> Launch:
    return _blob(sha256, Launch)


def _blob[T](sha256: str, shape: type[T]) -> T:
    try:
        return read(blobs.place_of(sha256, "json").read_bytes(), shape)
    except (OSError, Damaged) as problem:
        raise NotHere("This lesson is not whole on this machine; it will be fetched.") from problem
