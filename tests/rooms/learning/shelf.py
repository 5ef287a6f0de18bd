"""A small course with one lesson of each kind that is done differently, published for real."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from pypdf import PdfWriter

from passport.kernel.actor import Actor
from passport.learning.engine import lessons

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS = 20
COURSE = """
id = "{course}"
category = "Numbers"
licence = "CC-BY-4.0"
credits = "Made for the tests."
[title]
en = "Counting"
ar = "العد"
[summary]
en = "To ten."
ar = "إلى عشرة"
"""
LESSON = """
[[lesson]]
id = "{slug}"
kind = "{kind}"
minutes = 3
title = {{en = "{slug}", ar = "{slug}"}}
source = "{source}"
"""
QUIZ = """
feedback = "{feedback}"
pass = 60
attempts = {attempts}
[[question]]
id = "q1"
kind = "one"
prompt = {en = "How many apples?", ar = "كم تفاحة؟"}
options = [ {id="a", text={en="2",ar="٢"}}, {id="b", text={en="3",ar="٣"}, correct=true} ]
[[question]]
id = "q2"
kind = "number"
prompt = {en = "Ten and a half?", ar = "عشرة ونصف؟"}
answer = "10.5"
[[question]]
id = "q3"
kind = "gaps"
prompt = {en = "Fill in.", ar = "املأ."}
gaps = {en = "The [cat] sat on the [mat|rug].", ar = "جلست [القطة] على [السجادة]."}
"""


@dataclass(frozen=True)
class Shelf:
    """A published version."""

    course: UUID
    version: UUID
    lessons: Mapping[str, UUID]
    """By slug."""


def publish(
    folder: Path,
    *,
    course: UUID | None = None,
    kinds: tuple[str, ...] = ("article", "audio", "document", "quiz"),
    more: tuple[str, ...] = (),
    feedback: str = "at once",
    attempts: int = 0,
) -> Shelf:
    """Write a course folder and publish it; `more` names further articles of one page."""
    from passport.library.actions import publish as publish_folder

    key = course or uuid4()
    folder.mkdir(parents=True, exist_ok=True)
    text = COURSE.format(course=key)
    sources = {
        "article": "article.{lang}.md",
        "audio": "audio.wav",
        "document": "document.pdf",
        "quiz": "quiz.quiz.toml",
    }
    for kind in kinds:
        text += LESSON.format(slug=kind, kind=kind, source=sources[kind])
    for slug in more:
        text += LESSON.format(slug=slug, kind="article", source=f"{slug}.md")
        (folder / f"{slug}.md").write_text(f"About {slug}.")
    (folder / "course.toml").write_text(text)
    (folder / "article.en.md").write_text("One.\n\n##\n\nTwo.\n\n##\n\nThree.\n")
    (folder / "article.ar.md").write_text("واحد\n\n##\n\nاثنان\n\n##\n\nثلاثة\n\n##\n\nأربعة\n")
    (folder / "quiz.quiz.toml").write_text(
        QUIZ.replace("{feedback}", feedback).replace("{attempts}", str(attempts))
    )
    with wave.open(str(folder / "audio.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(100)
        sound.writeframes(bytes(100 * SECONDS))
    pages = PdfWriter()
    for _ in range(2):
        pages.add_blank_page(200, 200)
    with (folder / "document.pdf").open("wb") as file:
        pages.write(file)
    published = publish_folder(by=Actor.machine(), folder=folder)
    version = lessons.version(published.version)
    assert version is not None
    names = (*kinds, *more)
    return Shelf(
        published.course, published.version, dict(zip(names, version.lessons, strict=True))
    )
