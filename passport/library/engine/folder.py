"""Reading a course folder's `course.toml` into frozen values, with everything wrong reported."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from django.utils.translation import gettext_noop as _

from passport.kernel.ids import new_id
from passport.library.engine.desk import Desk
from passport.library.engine.fields import LANGUAGE, Fields, Texts, variants
from passport.library.engine.licences import KNOWN as KNOWN_LICENCES
from passport.library.engine.tomlfile import BadToml, parse
from passport.library.engine.tree import COURSE_FILE

PACKAGES: Final = ("html5", "h5p", "scorm", "cmi5", "book")
KINDS: Final = ("article", "video", "audio", "document", "quiz", *PACKAGES)
COLOURS: Final = ("amber", "coral", "leaf", "sky", "plum", "sand")
AUDIENCES: Final = ("learner", "facilitator")


class LessonSource(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson as its author wrote it. Files are names as written, by language."""

    slug: str
    kind: str
    minutes: int
    titles: Texts
    sources: Texts
    source_line: int
    seconds: int
    """What the author says of a recording's length; 0: ask the file."""
    captions: Texts
    transcripts: Texts
    picture: str
    """The poster of a video, the picture of an audio lesson; "" for none."""
    lines: dict[str, int]


class CourseSource(msgspec.Struct, frozen=True, kw_only=True):
    """A course as its author wrote it."""

    course: UUID
    titles: Texts
    summaries: Texts
    category: Texts
    audience: str
    licence: str
    credits: str
    cover: str
    cover_line: int
    tags: tuple[str, ...]
    colour: str
    pinned: bool
    lessons: tuple[LessonSource, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the course, the leading one first."""
        return tuple(self.titles)


def read_course(desk: Desk) -> CourseSource | None:
    """Read `course.toml`; None, with findings reported, when there is no course to speak of."""
    if COURSE_FILE not in desk.tree:
        desk.report.error(COURSE_FILE, 0, _("There is no course.toml here."))
        return None
    text = desk.text(COURSE_FILE)
    if text is None:
        return None
    toml = parse(text)
    if isinstance(toml, BadToml):
        desk.report.error(
            COURSE_FILE, toml.line, _("This is not valid TOML: %(said)s"), said=toml.said
        )
        return None
    fields = Fields(desk, COURSE_FILE, toml, ())
    titles = {
        language: title
        for language, title in fields.texts("title", required=True).items()
        if LANGUAGE.fullmatch(language)
    }
    if not titles:
        return None
    fields.languages = tuple(titles)
    course = CourseSource(
        course=_course_id(fields),
        titles=titles,
        summaries=fields.texts("summary"),
        category=fields.texts("category"),
        audience=fields.choice("audience", AUDIENCES, default="learner"),
        licence=_licence(fields),
        credits=fields.text("credits"),
        cover=fields.text("cover"),
        cover_line=fields.line("cover"),
        tags=fields.list_of_texts("tags"),
        colour=fields.choice("colour", COLOURS, default="sky"),
        pinned=fields.flag("pinned", default=False),
        lessons=_lessons(fields),
    )
    fields.finish()
    return course


def _course_id(fields: Fields) -> UUID:
    written = fields.text("id")
    if not written:
        fields.error(
            "id", _('The course needs an id; write id = "%(suggested)s" and keep it for ever.'),
            suggested=new_id(),
        )  # fmt: skip
        return UUID(int=0)
    try:
        return UUID(written)
    except ValueError:
        fields.error(
            "id", _("The course's id must be a UUID, for example %(suggested)s."),
            suggested=new_id(),
        )  # fmt: skip
        return UUID(int=0)


def _licence(fields: Fields) -> str:
    licence = fields.text("licence")
    if not licence:
        fields.error(
            "licence",
            _("Say under which licence the course may be used, for example CC-BY-4.0."),
        )
    elif licence not in KNOWN_LICENCES:
        fields.warning(
            "licence",
            _("“%(licence)s” is not a licence known here; an SPDX name such as CC-BY-4.0 is best."),
            licence=licence,
        )
    return licence


def _lessons(fields: Fields) -> tuple[LessonSource, ...]:
    tables = fields.tables("lesson", required=True)
    if len(tables) > fields.desk.limits.lessons:
        fields.error("lesson", _("There are more lessons than a course may hold."))
        return ()
    seen: set[str] = set()
    return tuple(lesson for each in tables if (lesson := _lesson(each, seen)) is not None)


def _lesson(fields: Fields, seen: set[str]) -> LessonSource | None:
    slug = fields.slug("id", seen)
    kind = fields.choice("kind", KINDS)
    titles = fields.texts("title", required=True)
    minutes = fields.whole("minutes", default=0, low=0, high=600)
    reference = fields.text("source", required=True)
    recorded = kind in {"video", "audio"}
    source_line = fields.line("source")
    if kind == "quiz" and "{lang}" in reference:
        fields.error("source", _("A quiz is one file with all its languages inside."))
        reference = ""
    lesson = LessonSource(
        slug=slug,
        kind=kind,
        minutes=minutes,
        titles=titles,
        sources=variants(fields, "source", reference) if reference else {},
        source_line=source_line,
        seconds=fields.whole("seconds", default=0, low=1, high=100_000) if recorded else 0,
        captions=_companions(fields, "captions") if recorded else {},
        transcripts=_companions(fields, "transcript") if recorded else {},
        picture=_picture(fields, kind),
        lines={key: fields.line(key) for key in ("captions", "transcript", "poster", "image")},
    )
    fields.finish()
    if kind == "video" and not fields.has("captions"):
        fields.warning("source", _("This video has no captions."))
    if kind == "audio" and not fields.has("transcript"):
        fields.warning("source", _("This recording has no transcript."))
    return lesson if slug and kind else None


def _companions(fields: Fields, key: str) -> Texts:
    reference = fields.text(key)
    return variants(fields, key, reference) if reference else {}


def _picture(fields: Fields, kind: str) -> str:
    if kind == "video":
        return fields.text("poster")
    return fields.text("image") if kind == "audio" else ""
