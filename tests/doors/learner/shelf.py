"""A course with every kind of question and most kinds of lesson, published for real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from passport.kernel.actor import Actor

COURSE = """
id = "{id}"
category = "Numbers"
licence = "CC-BY-4.0"
credits = "Made for the tests."
colour = "leaf"
audience = "{audience}"
[title]
en = "Counting apples"
ar = "عدّ التفاح"
[summary]
en = "To ten."
ar = "إلى عشرة"
[[lesson]]
id = "apples"
kind = "article"
minutes = 3
title = {{en = "Apples", ar = "تفاح"}}
source = "apples.{{lang}}.md"
[[lesson]]
id = "quiz"
kind = "quiz"
minutes = 4
title = {{en = "Questions", ar = "أسئلة"}}
source = "all.quiz.toml"
"""
QUIZ = """
feedback = "{feedback}"
pass = 60
attempts = {attempts}
[[question]]
id = "one"
kind = "one"
prompt = {en = "How many?", ar = "كم؟"}
options = [ {id="a", text={en="2",ar="٢"}}, {id="b", text={en="3",ar="٣"}, correct=true} ]
explain = {en = "Count with a finger.", ar = "عُدّ بإصبعك."}
[[question]]
id = "several"
kind = "several"
prompt = {en = "Which are fruits?", ar = "ما الفواكه؟"}
options = [
  {id="a", text={en="Mango",ar="مانجو"}, correct=true},
  {id="b", text={en="Car",ar="سيارة"}},
  {id="c", text={en="Fig",ar="تين"}, correct=true},
]
[[question]]
id = "text"
kind = "text"
prompt = {en = "It says meow.", ar = "يموء."}
answers = {en = ["cat"], ar = ["قطة"]}
[[question]]
id = "number"
kind = "number"
prompt = {en = "Half of five?", ar = "نصف خمسة؟"}
answer = "2.5"
[[question]]
id = "order"
kind = "order"
prompt = {en = "From small to large.", ar = "من الصغير إلى الكبير."}
items = [
  {id="s", text={en="ant",ar="نملة"}},
  {id="m", text={en="cat",ar="قطة"}},
  {id="l", text={en="cow",ar="بقرة"}},
]
[[question]]
id = "match"
kind = "match"
prompt = {en = "Who says what?", ar = "من يقول ماذا؟"}
pairs = [
  {id="1", left={en="cat",ar="قطة"}, right={en="meow",ar="مواء"}},
  {id="2", left={en="cow",ar="بقرة"}, right={en="moo",ar="خوار"}},
]
[[question]]
id = "gaps"
kind = "gaps"
prompt = {en = "Fill in.", ar = "املأ."}
gaps = {en = "The [cat] sat on the [mat|rug].", ar = "جلست [القطة] على [السجادة]."}
"""
RIGHT: dict[str, str | list[str]] = {
    "one": "b",
    "several": ["a", "c"],
    "text": "Cat ",
    "number": "٢٫٥",
    "order.s": "1",
    "order.m": "2",
    "order.l": "3",
    "match.1": "1",
    "match.2": "2",
    "gaps.0": "cat",
    "gaps.1": "rug",
}
"""What a browser without scripts sends for a perfect quiz."""


@dataclass(frozen=True)
class Shelf:
    """What was published."""

    course: UUID
    version: UUID
    article: UUID
    quiz: UUID


def publish(
    folder: Path, *, feedback: str = "at once", attempts: int = 0, audience: str = "learner"
) -> Shelf:
    """Write the course into `folder` and publish it."""
    from passport.library.actions import publish as publish_folder
    from passport.library.queries import version_manifest

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(COURSE.format(id=uuid4(), audience=audience))
    (folder / "apples.en.md").write_text(
        "One apple. [More](https://example.org/apples)\n\n##\n\nTwo apples.\n"
    )
    (folder / "apples.ar.md").write_text("تفاحة واحدة.\n\n##\n\nتفاحتان.\n")
    text = QUIZ.replace("{feedback}", feedback).replace("{attempts}", str(attempts))
    (folder / "all.quiz.toml").write_text(text)
    made = publish_folder(by=Actor.machine(), folder=folder)
    article, quiz = (lesson.id for lesson in version_manifest(made.version).lessons)
    return Shelf(made.course, made.version, article, quiz)
