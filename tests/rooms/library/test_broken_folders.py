"""What may be wrong with a course folder: each is told, by file and line, and never raised."""

from __future__ import annotations

import copy
import json
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from passport.library.actions import CheckReport, check
from passport.library.engine.compile import compile_course, files_of
from passport.library.engine.limits import MIB, USUAL
from passport.library.engine.problems import Report

type Edit = Callable[[Path, str, str], None]


def told(report: CheckReport) -> list[str]:
    return [f"{each.severity} {each.place}: {each.sentence}" for each in report.problems]


def test_a_whole_course_has_nothing_wrong(course_folder: Path) -> None:
    report = check(course_folder)

    assert told(report) == []
    assert report.publishable
    assert report.course is not None


# (file, what stands there, what stands there instead, what is told)
SLIPS = [
    ("course.toml", "[title]", "[title", "error course.toml:8: This is not valid TOML"),
    ("course.toml", 'id = "0192', '#id = "0192', "error course.toml:1: The course needs an id"),
    ("course.toml", 'id = "0192', 'id = "x192', "error course.toml:1: The course's id must be a"),
    ("course.toml", 'licence = "CC-BY-4.0"', "", "error course.toml:1: Say under which licence"),
    ("course.toml", "CC-BY-4.0", "Mine", "warning course.toml:3: “Mine” is not a licence known"),
    ("course.toml", "tags = [", "tagz = [", "warning course.toml:6: “tagz” is not known here; did"),
    ("course.toml", '"amber"', '"pink"', "error course.toml:7: “pink” is not known here; it may"),
    ("course.toml", "minutes = 3", "minutes = -3", "error course.toml:17: “minutes” must be a who"),
    ("course.toml", "minutes = 3", "minutes = true", "error course.toml:17: “minutes” must be a"),
    ("course.toml", '"article"', '"poem"', "error course.toml:16: “poem” is not known here"),
    ("course.toml", 'id = "how-many"', 'id = "apples"', "error course.toml:21: The id “apples” is"),
    ("course.toml", 'id = "how-many"', 'id = "How Many"', "error course.toml:21: “How Many” won't"),
    ("course.toml", 'kind = "quiz"\n', "", "error course.toml:20: “kind” is missing"),
    ("course.toml", "apples.{lang}.md", "pears.{lang}.md", "error course.toml:19: There is no fil"),
    ("course.toml", "apples.{lang}.md", "../a.md", "error course.toml:19: “../a.md” leads out"),
    ("course.toml", "apples.{lang}.md", "/etc/passwd", "error course.toml:19: “/etc/passwd” leads"),
    ("course.toml", "apples.{lang}.md", "C:/a.md", "error course.toml:19: “C:/a.md” leads out"),
    ("course.toml", '"apple.png"', '"Apple.png"', "error course.toml:5: There is no file “Apple.p"),
    ("course.toml", '"apple.png"', '"course.toml"', "error course.toml: Files of this kind can't"),
    ("course.toml", 'ar = "العد إلى عشرين"', 'ar = ""', "error course.toml:10: “title” needs a t"),
    ("course.toml", 'ar = "أرقام مع التفاح"\n', "", "warning course.toml:11: “summary” has no tex"),
    ("course.toml", 'en = "Counting to twenty"', "en = 3", "error course.toml:9: “title” needs a"),
    ("course.toml", 'en = "Counting', '"e n" = "Counting', "error course.toml:9: “e n” is not a"),
    ("course.toml", '"how-many.quiz.toml"', '"{lang}.toml"', "error course.toml:24: A quiz is one"),
    ("apples.en.md", "(apple.png)", "(pear.png)", "error apples.en.md:3: There is no file “pear"),
    ("apples.en.md", "(apple.png)", "(http://x.org/a.png)", "error apples.en.md:3: “http://x.org"),
    ("apples.en.md", "[an apple]", "[]", "warning apples.en.md:3: Say what “apple.png” shows"),
    ("apples.en.md", "One,", "<b>One</b>,", "warning apples.en.md:7: HTML is left out"),
    ("apples.en.md", "One,", "[js](javascript:x) [y](other),", "warning apples.en.md:7: The link"),
    ("how-many.quiz.toml", ", correct = true", "", "error how-many.quiz.toml:6: No option is mark"),
    ("how-many.quiz.toml", '{id = "a",', '{id = "b",', "error how-many.quiz.toml:8: The id “b” is"),
    ("how-many.quiz.toml", 'id = "q1"\n', "", "error how-many.quiz.toml:2: “id” is missing"),
    ("how-many.quiz.toml", "pass = 50", "pass = 500", "error how-many.quiz.toml:1: “pass” must be"),
    ("how-many.quiz.toml", '"one"', '"guess"', "error how-many.quiz.toml:4: “guess” is not known"),
    ("how-many.quiz.toml", '"one"', '"number"', "error how-many.quiz.toml:2: “answer” must be a"),
    ("how-many.quiz.toml", '"one"', '"text"', "error how-many.quiz.toml:2: No answer is accepted"),
    ("how-many.quiz.toml", '"one"', '"order"', "error how-many.quiz.toml:2: “items” is missing"),
    ("how-many.quiz.toml", '"one"', '"match"', "error how-many.quiz.toml:2: “pairs” is missing"),
    ("how-many.quiz.toml", '"one"', '"gaps"', "error how-many.quiz.toml:2: “gaps” is missing"),
    ("how-many.quiz.toml", ', text = {en = "2", ar = "٢"}', "", "error how-many.quiz.toml:7: Ther"),
    ("how-many.quiz.toml", "[[question]]", "[question]", "error how-many.quiz.toml:2: “question”"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), SLIPS)
def test_a_slip_is_told_where_it_is(
    course_folder: Path, edit: Edit, file: str, old: str, new: str, expected: str
) -> None:
    edit(course_folder / file, old, new)

    report = check(course_folder)

    assert any(each.startswith(expected) for each in told(report)), told(report)
    assert report.publishable == (not any(each.startswith("error") for each in told(report)))
    assert (report.course is None) == (not report.publishable)


def test_a_missing_language_of_an_article_falls_back_and_is_told(course_folder: Path) -> None:
    (course_folder / "apples.ar.md").unlink()

    report = check(course_folder)

    assert told(report) == [
        "warning course.toml:19: There is no “source” in ar; another language stands in."
    ]


def test_everything_wrong_is_told_at_once(course_folder: Path, edit: Edit) -> None:
    edit(course_folder / "course.toml", 'licence = "CC-BY-4.0"', "")
    edit(course_folder / "apples.en.md", "(apple.png)", "(pear.png)")
    edit(course_folder / "how-many.quiz.toml", ", correct = true", "")

    files = {each.file for each in check(course_folder).problems}

    assert files == {"course.toml", "apples.en.md", "how-many.quiz.toml"}


def test_a_course_without_an_id_is_told_one_to_use(course_folder: Path, edit: Edit) -> None:
    edit(course_folder / "course.toml", 'id = "0192f3c4-0000-7000-8000-000000000001"', "")

    (problem,) = check(course_folder).problems

    assert UUID(problem.params["suggested"]).version == 7


# Files that are not what they say


def png_bomb(path: Path) -> None:
    Image.new("1", (6_000, 6_000)).save(path)


def truncated_png(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def script_as_png(path: Path) -> None:
    path.write_text("<script>alert(1)</script>")


def jpeg_as_png(path: Path) -> None:
    Image.new("RGB", (4, 4)).save(path, format="JPEG")


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [png_bomb, truncated_png, script_as_png, jpeg_as_png, empty])
def test_a_picture_that_is_none_is_refused(
    course_folder: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(course_folder / "apple.png")

    report = check(course_folder)

    assert not report.publishable
    assert any(each.startswith("error apple.png: This ") for each in told(report))


def test_a_photo_that_tells_its_place_is_told(course_folder: Path, edit: Edit) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (4, 4)).save(course_folder / "photo.jpg", exif=exif)
    edit(course_folder / "course.toml", '"apple.png"', '"photo.jpg"')

    assert told(check(course_folder)) == [
        "warning photo.jpg: This photo says where it was taken; remove that before publishing it."
    ]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">{}</svg>'


def test_scripts_leave_a_drawing_before_it_is_published(course_folder: Path, edit: Edit) -> None:
    (course_folder / "apple.svg").write_text(
        SVG.format('<script>alert(1)</script><circle r="3" onclick="alert(2)"/>')
    )
    edit(course_folder / "course.toml", '"apple.png"', '"apple.svg"')
    report = Report()

    with files_of(course_folder, report) as tree:
        compiled = compile_course(tree, report)

    (drawing,) = [each for each in compiled.pieces.values() if each.extension == "svg"]
    assert drawing.data is not None
    assert b"alert" not in drawing.data
    assert b"<circle" in drawing.data
    assert [each.place for each in compiled.problems] == ["apple.svg"]


@pytest.mark.parametrize(
    "content",
    [
        "<svg>",
        "<html/>",
        SVG.format("<g>" * 100_000 + "</g>" * 100_000),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("<text>&a;</text>"),
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("&a;"),
    ],
)
def test_a_drawing_that_is_no_svg_is_refused(course_folder: Path, edit: Edit, content: str) -> None:
    (course_folder / "apple.svg").write_text(content)
    edit(course_folder / "course.toml", '"apple.png"', '"apple.svg"')

    (problem,) = check(course_folder).problems

    assert (problem.place, problem.severity) == ("apple.svg", "error")
    assert problem.sentence in {
        "This drawing can't be read as SVG.",
        "This drawing is nested too deeply.",
    }


DOCUMENT = """
[[lesson]]
id = "sheet"
kind = "document"
title = {en = "Sheet", ar = "ورقة"}
source = "sheet.pdf"
"""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"I am no PDF.", "This is not a pdf file, whatever its name says."),
        (b"%PDF-1.4\nand then nothing", "This PDF can't be read."),
    ],
)
def test_a_false_pdf_is_refused(course_folder: Path, content: bytes, expected: str) -> None:
    (course_folder / "sheet.pdf").write_bytes(content)
    with (course_folder / "course.toml").open("a") as file:
        file.write(DOCUMENT)

    assert told(check(course_folder)) == [f"error sheet.pdf: {expected}"]


def test_pages_and_seconds_are_counted_from_real_files(
    course_folder: Path, shared_data: Path
) -> None:
    lines = []
    for slug, kind, name in [
        ("sheet", "document", "sample_doc_with_toc.pdf"),
        ("clip", "video", "rabbit320.webm"),
        ("film", "video", "screencast.mp4"),
        ("talk", "audio", "allison64.mp3"),
    ]:
        (course_folder / name).write_bytes((shared_data / "media" / name).read_bytes())
        lines.append(
            f'[[lesson]]\nid = "{slug}"\nkind = "{kind}"\n'
            f'title = {{en = "x", ar = "x"}}\nsource = "{name}"\n'
        )
    with (course_folder / "course.toml").open("a") as file:
        file.write("\n".join(lines))

    course = check(course_folder).course

    assert course is not None
    found = {
        each.slug: (each.content["en"].pages, each.content["en"].seconds)
        for each in course.lessons[2:]
    }
    assert found == {"sheet": (12, 0), "clip": (0, 8), "film": (0, 30), "talk": (0, 18)}


def test_a_file_that_is_not_utf_8_is_told_with_its_line(course_folder: Path) -> None:
    (course_folder / "apples.en.md").write_bytes(b"# Apples\n\ncaf\xe9\n")

    assert told(check(course_folder)) == ["error apples.en.md:3: This file is not in UTF-8."]


def test_a_huge_file_is_refused(course_folder: Path) -> None:
    (course_folder / "apples.en.md").write_text("x" * (2 * MIB))

    assert told(check(course_folder)) == [
        "error apples.en.md: This file is larger than a course may hold."
    ]


def test_a_folder_with_too_much_in_it_is_refused(course_folder: Path) -> None:
    report = Report()

    with files_of(course_folder, report, msgspec.structs.replace(USUAL, files=3)) as tree:
        compiled = compile_course(tree, report)

    assert compiled.course is None
    assert [each.sentence for each in report.problems] == [
        "The folder holds more than a course may hold."
    ]


def test_a_link_out_of_the_folder_is_refused_and_not_followed(
    course_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (course_folder / "apples.en.md").unlink()
    (course_folder / "apples.en.md").symlink_to(tmp_path / "secret.md")
    (course_folder / "far").symlink_to("/etc")

    sentence = "This is a link that leads out of the folder or to no file."
    assert told(check(course_folder)) == [
        f"error apples.en.md: {sentence}",
        f"error far: {sentence}",
    ]


def test_a_folder_that_is_not_there_and_one_that_is_empty_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert told(check(tmp_path / "empty")) == ["error course.toml: There is no course.toml here."]
    assert not check(tmp_path / "nothing").publishable


# Zips


def zipped(folder: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, prefix + path.name)
        archive.writestr("__MACOSX/._course.toml", b"litter")
    return target


@pytest.mark.parametrize("prefix", ["", "counting/"])
def test_a_zip_of_a_folder_is_the_same_course(
    course_folder: Path, tmp_path: Path, prefix: str
) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip", prefix)

    assert check(archive) == check(course_folder)


HOSTILE_NAMES = ["../evil.md", "/etc/evil.md", "a/../../evil.md", "..\\evil.md", "C:/evil.md"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_zip_whose_names_climb_is_refused(course_folder: Path, tmp_path: Path, name: str) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(name, b"evil")

    report = check(archive)

    assert not report.publishable
    assert [each.file for each in report.problems] == [name]
    assert not list(tmp_path.rglob("evil*"))


def test_a_link_in_a_zip_is_refused(course_folder: Path, tmp_path: Path) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        member = zipfile.ZipInfo("link.md")
        member.external_attr = 0o120777 << 16
        opened.writestr(member, "/etc/passwd")

    assert told(check(archive)) == ["error link.md: This is not an ordinary file."]


def test_a_zip_bomb_stops_early(course_folder: Path, tmp_path: Path) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("zeros.md", bytes(64 * MIB))

    assert told(check(archive)) == [
        "error zeros.md: This file grows beyond what a course may hold."
    ]


def test_a_zip_that_lies_about_its_sizes_is_stopped_while_inflating(
    course_folder: Path, tmp_path: Path
) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip")
    report = Report()
    limits = msgspec.structs.replace(USUAL, file=100)

    with files_of(archive, report, limits) as tree:
        assert not tree.files

    assert report.problems


def test_a_damaged_zip_is_told(course_folder: Path, tmp_path: Path) -> None:
    archive = zipped(course_folder, tmp_path / "course.zip")
    whole = archive.read_bytes()
    for cut in range(0, len(whole), 97):
        archive.write_bytes(whole[:cut])
        assert not check(archive).publishable
    for at in range(0, len(whole), 31):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        archive.write_bytes(changed)
        check(archive)


# Anything at all


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a TOML document."""
    if path:
        yield path
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, each in items:
        yield from leaves(each, (*path, key))


def written(value: Any) -> str:
    """A value as TOML, everything inline."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {written(each)}" for key, each in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value)


ODD: list[Any] = [
    None, -1, 10**30, 1.5, True, "", "\0", "x" * 20_000, "../x", [], [{}], {"en": 1}, [1, "a"],
]  # fmt: skip


@pytest.mark.parametrize("file", ["course.toml", "how-many.quiz.toml"])
def test_nothing_that_toml_can_hold_makes_the_check_fail(course_folder: Path, file: str) -> None:
    whole = tomllib.loads((course_folder / file).read_text())
    for path in leaves(whole):
        for odd in ODD:
            changed = copy.deepcopy(whole)
            at = changed
            for part in path[:-1]:
                at = at[part]  # type: ignore[index] # a path goes through lists too
            if odd is None:
                del at[path[-1]]  # type: ignore[arg-type] # as above
            else:
                at[path[-1]] = odd  # type: ignore[index] # as above
            text = "\n".join(f"{json.dumps(k)} = {written(v)}" for k, v in changed.items())
            (course_folder / file).write_text(text)
            report = check(course_folder)
            assert report.publishable == (report.course is not None)


@pytest.mark.parametrize("file", ["course.toml", "how-many.quiz.toml", "apples.en.md"])
@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_damage_to_a_file_makes_the_check_fail(
    course_folder: Path, file: str, data: st.DataObject
) -> None:
    whole = data.draw(st.just((course_folder / file).read_bytes()))
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(st.binary(max_size=10) | st.sampled_from([b'"', b"]", b"'''", b"\r", b"[["]))
    (course_folder / file).write_bytes(whole[:at] + put + whole[at + cut :])

    report = check(course_folder)

    assert report.publishable == (report.course is not None)
    (course_folder / file).write_bytes(whole)
