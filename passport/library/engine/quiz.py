"""A quiz, from the author's TOML to one canonical value for a course version.

The value has two parts that never mix. `show` is what a learner's page may hold: prompts,
choices, pictures, in every language. `key` is what only the node may hold: what is right, and the
explanations that tell it. Lists whose order is the answer are shown in another one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_noop as _

from passport.kernel.text import fold
from passport.library.engine import article
from passport.library.engine.desk import Desk
from passport.library.engine.fields import Fields, Texts, is_text, said_in, variants
from passport.library.engine.media import Form
from passport.library.engine.tomlfile import BadToml, parse

KINDS: Final = ("one", "several", "text", "number", "order", "match", "gaps")
_FEEDBACK: Final = ("at once", "at the end")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_GAP: Final = re.compile(r"\[([^\[\]]*)\]")
_FEWEST_TO_ORDER: Final = 2


class Picture(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture in a quiz: its address and, where known, its size in pixels."""

    url: str
    width: int | None = None
    height: int | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An option, an item to put in order, or one side of a pair. Text is plain, by language."""

    id: str
    text: Texts = {}
    image: Picture | None = None
    audio: Texts = {}
    """Addresses by language."""


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a learner sees of a question. `prompt` is clean inline HTML, by language."""

    id: str
    kind: str
    prompt: Texts
    image: Picture | None = None
    audio: Texts = {}
    choices: tuple[Choice, ...] = ()
    """Options of one and several; items of order (not in the right order)."""
    left: tuple[Choice, ...] = ()
    right: tuple[Choice, ...] = ()
    """The sides of match; the right side is not in the order of the left."""
    gaps: dict[str, tuple[str, ...]] = {}
    """By language, the text around the gaps: one piece more than there are gaps."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is right. Which fields are set follows the question's kind."""

    kind: str
    right: tuple[str, ...] = ()
    """one, several: ids of the right options; order: all ids in the right order; match: all ids,
    for a left id goes with the same right id."""
    answers: dict[str, tuple[str, ...]] = {}
    """text: accepted answers by language, as written; compare them folded."""
    number: str = ""
    tolerance: str = "0"
    """number: decimal strings."""
    gaps: dict[str, tuple[tuple[str, ...], ...]] = {}
    """gaps: by language, for each gap what is accepted; compare folded."""
    explain: Texts = {}
    """Clean inline HTML, by language, for the feedback."""


class Show(msgspec.Struct, frozen=True, kw_only=True):
    """The part that may leave for a page."""

    feedback: str
    pass_mark: int
    attempts: int
    """0: any number."""
    shuffle: bool
    questions: tuple[Question, ...]


class Quiz(msgspec.Struct, frozen=True, kw_only=True):
    """One quiz of one course version, in all its languages; `key` is by question id."""

    show: Show
    key: dict[str, Answer]


def languages_of(quiz: Quiz) -> dict[str, int]:
    """How many questions have their prompt in each language."""
    counts: dict[str, int] = {}
    for question in quiz.show.questions:
        for language in question.prompt:
            counts[language] = counts.get(language, 0) + 1
    return counts


def words_of(quiz: Quiz) -> str:
    """Every text a learner sees, for search."""
    parts: list[str] = []
    for question in quiz.show.questions:
        parts.extend(article.plain(html) for html in question.prompt.values())
        for choice in (*question.choices, *question.left, *question.right):
            parts.extend(choice.text.values())
        for pieces in question.gaps.values():
            parts.extend(pieces)
    return " ".join(parts)


def read_quiz(desk: Desk, name: str, languages: tuple[str, ...]) -> Quiz | None:
    """Read a quiz file of the course; None, with findings reported, when it can't be one."""
    text = desk.text(name)
    if text is None:
        return None
    toml = parse(text)
    if isinstance(toml, BadToml):
        desk.report.error(name, toml.line, _("This is not valid TOML: %(said)s"), said=toml.said)
        return None
    fields = Fields(desk, name, toml, (), languages)
    feedback = fields.choice("feedback", _FEEDBACK, default=_FEEDBACK[0])
    pass_mark = fields.whole("pass", default=60, low=0, high=100)
    attempts = fields.whole("attempts", default=0, low=0, high=100)
    shuffle = fields.flag("shuffle", default=True)
    tables = fields.tables("question", required=True)
    fields.finish()
    if len(tables) > desk.limits.questions:
        fields.error("question", _("There are more questions than a quiz may hold."))
        return None
    seen: set[str] = set()
    read = [_question(each, seen) for each in tables]
    known = [pair for pair in read if pair is not None]
    return Quiz(
        show=Show(
            feedback=feedback,
            pass_mark=pass_mark,
            attempts=attempts,
            shuffle=shuffle,
            questions=tuple(question for question, _answer in known),
        ),
        key={question.id: answer for question, answer in known},
    )


def _question(fields: Fields, seen: set[str]) -> tuple[Question, Answer] | None:
    slug = fields.slug("id", seen)
    kind = fields.choice("kind", KINDS)
    prompt = {
        language: article.inline(text)
        for language, text in fields.texts("prompt", required=True).items()
    }
    base = Question(
        id=slug, kind=kind, prompt=prompt, image=_image(fields, "image"), audio=_audio(fields)
    )
    explain = {name: article.inline(text) for name, text in fields.texts("explain").items()}
    if not kind:
        return None
    question, answer = _READERS[kind](fields, base)
    fields.finish()
    if not slug:
        return None
    return question, msgspec.structs.replace(answer, explain=explain)


# Kinds


def _read_options(fields: Fields, base: Question) -> tuple[Question, Answer]:
    tables = fields.tables("options", required=True)
    seen: set[str] = set()
    choices = tuple(_choice(each, seen) for each in tables)
    right = tuple(
        choice.id
        for choice, each in zip(choices, tables, strict=True)
        if each.flag("correct", default=False)
    )
    _finish_all(tables)
    if tables and len(tables) < _FEWEST_TO_ORDER:
        fields.error("options", _("A question needs at least two options."))
    if tables and not right:
        fields.error("options", _("No option is marked as correct."))
    if base.kind == "one" and len(right) > 1:
        fields.error("options", _('More than one option is correct; use "several" as its kind.'))
    return (
        msgspec.structs.replace(base, choices=choices),
        Answer(kind=base.kind, right=tuple(sorted(right))),
    )


def _read_text(fields: Fields, base: Question) -> tuple[Question, Answer]:
    value = fields.raw("answers")
    answers: dict[str, tuple[str, ...]] = {}
    if isinstance(value, dict):
        for language, accepted in value.items():
            listed = [accepted] if isinstance(accepted, str) else accepted
            if not isinstance(listed, list) or not all(is_text(each) for each in listed):
                fields.error("answers", _("Answers must be texts by language."))
                continue
            kept = tuple(each.strip() for each in listed if fold(each).strip())
            if kept:
                answers[language] = kept
        for language in fields.languages:
            if answers and language not in answers:
                fields.warning(
                    "answers", _("There is no answer in “%(language)s”."), language=language
                )
    if not answers:
        fields.error("answers", _("No answer is accepted."))
    return base, Answer(kind=base.kind, answers=answers)


def _read_number(fields: Fields, base: Question) -> tuple[Question, Answer]:
    number = _decimal(fields, "answer", required=True)
    tolerance = _decimal(fields, "tolerance", required=False) or "0"
    if Decimal(tolerance) < 0:
        fields.error("tolerance", _("“%(key)s” can't be negative."), key="tolerance")
    return base, Answer(kind=base.kind, number=number, tolerance=tolerance)


def _read_order(fields: Fields, base: Question) -> tuple[Question, Answer]:
    tables = fields.tables("items", required=True)
    seen: set[str] = set()
    items = tuple(_choice(each, seen) for each in tables)
    _finish_all(tables)
    if tables and len(tables) < _FEWEST_TO_ORDER:
        fields.error("items", _("To put in order, at least two items are needed."))
    right = tuple(item.id for item in items)
    return (
        msgspec.structs.replace(base, choices=_mixed(items, base.id)),
        Answer(kind=base.kind, right=right),
    )


def _read_match(fields: Fields, base: Question) -> tuple[Question, Answer]:
    tables = fields.tables("pairs", required=True)
    seen: set[str] = set()
    left: list[Choice] = []
    right: list[Choice] = []
    for each in tables:
        slug = each.slug("id", seen)
        for side, name in ((left, "left"), (right, "right")):
            choice = Choice(
                id=slug,
                text=each.texts(name),
                image=_image(each, f"{name}_image"),
                audio=_audio(each, f"{name}_audio"),
            )
            _check_says_something(each, name, choice)
            side.append(choice)
    _finish_all(tables)
    if tables and len(tables) < _FEWEST_TO_ORDER:
        fields.error("pairs", _("To match, at least two pairs are needed."))
    return (
        msgspec.structs.replace(base, left=tuple(left), right=_mixed(right, base.id)),
        Answer(kind=base.kind, right=tuple(choice.id for choice in left)),
    )


def _read_gaps(fields: Fields, base: Question) -> tuple[Question, Answer]:
    shown: dict[str, tuple[str, ...]] = {}
    accepted: dict[str, tuple[tuple[str, ...], ...]] = {}
    for language, text in fields.texts("gaps", required=True).items():
        pieces = _GAP.split(text)
        shown[language] = tuple(pieces[0::2])
        accepted[language] = tuple(
            tuple(each.strip() for each in gap.split("|") if each.strip()) for gap in pieces[1::2]
        )
        if not accepted[language]:
            fields.error(
                "gaps", _("There is no [gap] in the text in “%(language)s”."), language=language
            )
        elif not all(accepted[language]):
            fields.error("gaps", _("A gap in “%(language)s” has no answer."), language=language)
    return msgspec.structs.replace(base, gaps=shown), Answer(kind=base.kind, gaps=accepted)


_READERS: Final[dict[str, Callable[[Fields, Question], tuple[Question, Answer]]]] = {
    "one": _read_options,
    "several": _read_options,
    "text": _read_text,
    "number": _read_number,
    "order": _read_order,
    "match": _read_match,
    "gaps": _read_gaps,
}


# Parts


def _choice(fields: Fields, seen: set[str]) -> Choice:
    choice = Choice(
        id=fields.slug("id", seen),
        text=fields.texts("text"),
        image=_image(fields, "image"),
        audio=_audio(fields),
    )
    _check_says_something(fields, "text", choice)
    return choice


def _check_says_something(fields: Fields, key: str, choice: Choice) -> None:
    if choice.text:
        return
    if choice.image is None and not choice.audio:
        fields.error(key, _("There is neither a text nor a picture nor a sound here."))
    else:
        fields.warning(key, _("Give a text too, for those who can't see or hear it."))


def _finish_all(tables: Iterable[Fields]) -> None:
    for each in tables:
        each.finish()


def _mixed(choices: Iterable[Choice], salt: str) -> tuple[Choice, ...]:
    """An order that has nothing to do with the right one, and is the same at every publishing."""

    def place(choice: Choice) -> bytes:
        return hashlib.sha256(f"{salt} {choice.id}".encode()).digest()

    return tuple(sorted(choices, key=place))


def _image(fields: Fields, key: str) -> Picture | None:
    reference = fields.text(key)
    if not reference:
        return None
    placed = fields.desk.media(fields.file, reference, fields.line(key), Form.IMAGE)
    if placed is None:
        return None
    return Picture(url=placed.url, width=placed.media.width, height=placed.media.height)


def _audio(fields: Fields, key: str = "audio") -> Texts:
    reference = fields.text(key)
    if not reference:
        return {}
    found: Texts = {}
    for language, name in variants(fields, key, reference).items():
        placed = fields.desk.media(fields.file, name, fields.line(key), Form.AUDIO)
        if placed is not None:
            found[language] = placed.url
    return found


def _decimal(fields: Fields, key: str, *, required: bool) -> str:
    """A decimal number as a plain string; ٠-٩ and a decimal comma are taken too."""
    value = fields.raw(key)
    if value is None and not required:
        return ""
    number = plain_number(str(value)) if isinstance(value, int | float | str) else ""
    if isinstance(value, bool) or not _NUMBER.fullmatch(number):
        fields.error(key, _("“%(key)s” must be a number."), key=key)
        return "0"
    return f"{Decimal(number):f}"


def plain_number(written: str) -> str:
    """A number as people write it, with 0-9 and a point: "١٢٫٥" and "12,5" become "12.5"."""
    folded = fold(written.strip()).replace("٫", ".").replace("٬", "").replace(" ", "")
    return folded.replace(",", ".").replace("\N{MINUS SIGN}", "-")


def in_language(quiz: Quiz, language: str) -> dict[str, Any]:
    """The shown part as plain values with one language chosen, for a page of a learner."""
    return {
        "feedback": quiz.show.feedback,
        "pass": quiz.show.pass_mark,
        "attempts": quiz.show.attempts,
        "shuffle": quiz.show.shuffle,
        "questions": [_question_in(question, language) for question in quiz.show.questions],
    }


def _question_in(question: Question, language: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "prompt": said_in(question.prompt, language),
        "image": None if question.image is None else msgspec.structs.asdict(question.image),
        "audio": said_in(question.audio, language),
    }
    for name in ("choices", "left", "right"):
        chosen[name] = [_choice_in(each, language) for each in getattr(question, name)]
    chosen["gaps"] = list(_pieces(question.gaps, language))
    return chosen


def _pieces(gaps: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    name = said_in({each: each for each in gaps}, language)
    return gaps.get(name, ())


def _choice_in(choice: Choice, language: str) -> dict[str, Any]:
    return {
        "id": choice.id,
        "text": said_in(choice.text, language),
        "image": None if choice.image is None else msgspec.structs.asdict(choice.image),
        "audio": said_in(choice.audio, language),
    }
