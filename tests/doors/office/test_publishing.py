"""Publishing: upload a folder or a zip, see what is wrong by file and line, confirm."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from passport.library.models import Course, Version
from tests.world import World, browser, make_staff

TOML = """id = "{id}"
category = "Numbers"
licence = "CC-BY-4.0"
[title]
en = "Counting apples"
[[lesson]]
id = "apples"
kind = "article"
title = {{en = "Apples"}}
source = "apples.md"
"""


@pytest.fixture(autouse=True)
def desk(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture
def files() -> dict[str, bytes]:
    return {
        "apples/course.toml": TOML.format(id=uuid4()).encode(),
        "apples/apples.md": b"One apple, two apples.",
    }


def upload(client: Client, files: dict[str, bytes], paths: object = None) -> Any:
    uploaded = [SimpleUploadedFile(name.rpartition("/")[2], data) for name, data in files.items()]
    told = json.dumps(list(files)) if paths is None else paths
    return client.post("/office/courses/publish", {"folder": uploaded, "paths": told})


def zipped(files: dict[str, bytes]) -> SimpleUploadedFile:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return SimpleUploadedFile("apples.zip", held.getvalue())


def test_a_folder_is_looked_at_and_published(adam: Client, files: dict[str, bytes]) -> None:
    there = upload(adam, files)["Location"]
    preview = adam.get(there).text
    assert not Course.objects.exists()

    published = adam.post(there, follow=True).text

    assert "Counting apples" in preview
    assert "Publish version 1" in preview
    assert "Counting apples" in published
    assert Version.objects.get().number == 1
    assert adam.get(there).status_code == 404  # the desk is clear


def test_a_zip_does_as_well(adam: Client, files: dict[str, bytes]) -> None:
    answer = adam.post("/office/courses/publish", {"zip": zipped(files)})
    adam.post(answer["Location"])

    assert Version.objects.get().number == 1


def test_what_is_wrong_is_said_by_file_and_line(adam: Client, files: dict[str, bytes]) -> None:
    files["apples/course.toml"] = files["apples/course.toml"].replace(b'"article"', b'"artickle"')
    there = upload(adam, files)["Location"]
    page = adam.get(there).text
    forced = adam.post(there)

    assert "course.toml:8" in page
    assert "artickle" in page
    assert "Publish version" not in page
    assert forced.status_code == 400
    assert not Course.objects.exists()


@pytest.mark.parametrize(
    "paths",
    [
        "",
        "[]",
        "{",
        '["a/course.toml"]',
        '["a/../../keys/node.key", "a/b"]',
        '["/etc/passwd", "a/b"]',
        '["a/c\\\\d", "a/b"]',
        "[1, 2]",
        '["course.toml", "apples.md"]',
    ],
)
def test_a_folder_without_sound_places_is_refused(
    adam: Client, files: dict[str, bytes], paths: str, tmp_path: Path
) -> None:
    answer = upload(adam, files, paths)

    if answer.status_code == 302:  # an absolute path has become a place in the folder
        assert adam.get(answer["Location"]).status_code == 200
    else:
        assert answer.status_code == 400
    assert not (tmp_path / "keys" / "passwd").exists()
    assert all("desk" in path.parts for path in (tmp_path / "data").rglob("*") if path.is_file())


def test_nothing_chosen_is_said(adam: Client) -> None:
    answer = adam.post("/office/courses/publish", {})

    assert answer.status_code == 400
    assert "Choose the course" in answer.text


def test_an_upload_belongs_to_whoever_made_it(
    world: World, adam: Client, files: dict[str, bytes]
) -> None:
    there = upload(adam, files)["Location"]
    other = browser(make_staff("Eva", "Lind", "administrator").sign_in())

    assert other.get(there).status_code == 404
    assert other.post(there).status_code == 404
    assert not Course.objects.exists()


def test_the_same_again_publishes_nothing(adam: Client, files: dict[str, bytes]) -> None:
    adam.post(upload(adam, files)["Location"])
    answer = adam.post(upload(adam, files)["Location"], follow=True)

    assert "Nothing has changed" in answer.text
    assert Version.objects.count() == 1


def test_a_new_version_is_number_two(adam: Client, files: dict[str, bytes]) -> None:
    adam.post(upload(adam, files)["Location"])
    files["apples/apples.md"] = b"Three apples."
    there = upload(adam, files)["Location"]

    assert "Publish version 2" in adam.get(there).text
    page = adam.post(there, follow=True).text
    assert "shown now" in page
    assert Version.objects.count() == 2


def test_the_enrolment_file_of_a_hub(world: World, adam: Client) -> None:
    from passport.fleet.actions import read_enrolment

    answer = adam.post("/office/hubs/enrol", {"name": "Mango hub", "sites": [world.mango.id]})
    missing = adam.post("/office/hubs/enrol", {"name": "", "sites": [world.mango.id]})
    nowhere = adam.post("/office/hubs/enrol", {"name": "X", "sites": ["nowhere"]})

    assert answer["Content-Disposition"] == 'attachment; filename="mango-hub.enrolment"'
    assert answer["Cache-Control"] == "no-store"
    assert read_enrolment(answer.content).hub_name == "Mango hub"
    assert missing.status_code == nowhere.status_code == 400
