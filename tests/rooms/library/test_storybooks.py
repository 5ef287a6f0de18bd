"""Stories by others become courses: each in every language, whole, the right way round."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from passport.kernel.actor import Actor
from passport.library import actions, queries
from passport.library.models import Course

pytestmark = pytest.mark.usefixtures("node")
MACHINE = Actor.machine()
RTL = {"ar", "prs"}


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def course_of(story: dict[str, str], source: Path, target: Path) -> Path:
    """Write the course folder that an author would make of a story."""
    shutil.copytree(source / story["story_id"], target)
    titles = {
        path.stem: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#").strip()
        for path in sorted(target.glob("*.md"))
    }
    licence = "CC-BY-4.0" if "/4.0/" in story["licence_url"] else "CC-BY-3.0"
    by_language = "\n".join(f"{language} = {quoted(title)}" for language, title in titles.items())
    inline = ", ".join(f"{language} = {quoted(title)}" for language, title in titles.items())
    credit = f"{story['author']} / {story['illustrator']}"
    cover = 'cover = "images/01.jpg"' if (target / "images" / "01.jpg").exists() else ""
    (target / "course.toml").write_text(
        f'id = "{uuid5(NAMESPACE_URL, story["source_page"] + story["story_id"])}"\n'
        f'licence = "{licence}"\ncredits = {quoted(credit)}\ntags = ["story"]\n{cover}\n'
        f"[title]\n{by_language}\n"
        f'[[lesson]]\nid = "story"\nkind = "article"\ntitle = {{{inline}}}\n'
        'source = "{lang}.md"\n'
    )
    return target


def pages_written(source: str) -> int:
    """The pages between the breaks; the first holds the title alone, which the page carries."""
    return len(re.findall(r"^##\s*$", source, re.MULTILINE))


STORIES = [
    # what is typed          what is found
    ("crocodile", "The hungry crocodile"),
    ("hungy crocodile", "The hungry crocodile"),
    ("التمساح", "The hungry crocodile"),
    ("cocodrilo", "The hungry crocodile"),
    ("a very tall man", "A very tall man"),
    ("الرجل ذو القامة الطويله", "A very tall man"),
    ("magozw", "Magozwe"),
]


def test_every_story_is_a_course_in_every_language_and_is_found(
    shared_data: Path, tmp_path: Path, learner: Actor
) -> None:
    source = shared_data / "storybooks"
    with (source / "stories.csv").open(encoding="utf-8", newline="") as file:
        stories = list(csv.DictReader(file))
    texts = 0

    for story in stories:
        folder = course_of(story, source, tmp_path / story["story_id"])
        publication = actions.publish(by=MACHINE, folder=folder)
        assert [each for each in publication.problems if each.severity == "error"] == []
        page = queries.course_page(by=learner, course_id=publication.course, language="en")
        (lesson,) = page.lessons
        for language in page.card.languages:
            content = queries.lesson_content(by=learner, lesson_id=lesson.id, language=language)
            written = (folder / f"{language}.md").read_text(encoding="utf-8")
            assert content.language == language
            assert content.direction == ("rtl" if language in RTL else "ltr")
            assert content.page_count == pages_written(written), (story["story_id"], language)
            assert "License" in content.pages[-1]
            for credit in re.findall(
                r"^\* (?:Text|Illustration|Translation): (.+)$", written, re.MULTILINE
            ):
                assert credit.split("<")[0].strip().replace("&", "&amp;") in content.pages[-1]
            texts += 1

    assert Course.objects.count() == len(stories) == 40
    assert texts == 246
    assert queries.catalogue(by=learner, language="en").total == 40
    for typed, title in STORIES:
        found = queries.catalogue(by=learner, language="en", text=typed).courses
        assert found, typed
        assert found[0].title == title, typed
