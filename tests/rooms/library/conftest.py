"""What the tests of the library share: a small whole course, and who asks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from passport.kernel.actor import Actor, Grant
from passport.kernel.permissions import RoleName

COURSE = UUID("0192f3c4-0000-7000-8000-000000000001")
SITE = UUID("0192f3c4-0000-7000-8000-00000000000a")

COURSE_TOML = f"""\
id = "{COURSE}"
category = {{en = "Numbers", ar = "أرقام"}}
licence = "CC-BY-4.0"
credits = "Written for a test."
cover = "apple.png"
tags = ["counting", "fruit"]
colour = "amber"
[title]
en = "Counting to twenty"
ar = "العد إلى عشرين"
[summary]
en = "Numbers with apples."
ar = "أرقام مع التفاح"
[[lesson]]
id = "apples"
kind = "article"
minutes = 3
title = {{en = "Apples", ar = "تفاح"}}
source = "apples.{{lang}}.md"
[[lesson]]
id = "how-many"
kind = "quiz"
title = {{en = "How many?", ar = "كم؟"}}
source = "how-many.quiz.toml"
"""

QUIZ_TOML = """\
pass = 50
[[question]]
id = "q1"
kind = "one"
prompt = {en = "How *many* apples?", ar = "كم تفاحة؟"}
options = [
  {id = "a", text = {en = "2", ar = "٢"}},
  {id = "b", text = {en = "3", ar = "٣"}, correct = true},
]
explain = {en = "Count them.", ar = "عدّها."}
"""


def write_course(folder: Path) -> Path:
    """Write a course with an article of two pages and a quiz, in English and Arabic."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(COURSE_TOML)
    (folder / "how-many.quiz.toml").write_text(QUIZ_TOML)
    (folder / "apples.en.md").write_text("# Apples\n\n![an apple](apple.png)\n\n##\n\nOne, two.\n")
    (folder / "apples.ar.md").write_text("# تفاح\n\n![تفاحة](apple.png)\n\n##\n\nواحد، اثنان.\n")
    Image.new("RGB", (40, 30), "red").save(folder / "apple.png")
    return folder


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    return write_course(tmp_path / "counting")


@pytest.fixture
def shared_data() -> Path:
    """The folder with learning content by others, where a machine has it."""
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("PASSPORT_SHARED_DATA", root / ".." / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"There is no content by others at {folder} (PASSPORT_SHARED_DATA).")
    return folder


@pytest.fixture
def learner() -> Actor:
    return Actor(person=UUID(int=1), grants=frozenset({Grant(RoleName.LEARNER, SITE)}))


@pytest.fixture
def facilitator() -> Actor:
    return Actor(person=UUID(int=2), grants=frozenset({Grant(RoleName.FACILITATOR, SITE)}))


@pytest.fixture
def administrator() -> Actor:
    return Actor(person=UUID(int=3), grants=frozenset({Grant(RoleName.ADMINISTRATOR)}))


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a passage of a file, which must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return replace


@pytest.fixture
def empty_media(settings: object) -> Callable[[], None]:
    """Take every file away, as on a hub that has the journal and not yet the content."""

    def take_away() -> None:
        from passport.library import queries
        from passport.library.models import Blob

        media = settings.MEDIA  # type: ignore[attr-defined]
        for folder in (media, media.parent / "lessons"):
            shutil.rmtree(folder, ignore_errors=True)
        Blob.objects.update(state="missing")
        queries._article_blob.cache_clear()
        queries._quiz_blob.cache_clear()

    return take_away
