"""Publishing a course, and what becomes of its versions on a node that gets their files later."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from passport.kernel.actor import Actor
from passport.kernel.errors import Damaged, NotAllowed, NotFound
from passport.library import actions, queries
from passport.library.engine import blobs
from passport.library.errors import CourseRefused, NoRoom, NotHere
from passport.library.facts import project_course_published
from passport.library.models import Blob, Course, Lesson, Version
from passport.node.actions import fact_of
from passport.node.models import Entry, Fact
from passport.roles import ROLES
from passport.sync import actions as sync
from tests.rooms.library.conftest import COURSE, write_course

type Edit = Callable[[Path, str, str], None]

pytestmark = pytest.mark.usefixtures("node")
MACHINE = Actor.machine()


def publish(folder: Path) -> actions.Publication:
    return actions.publish(by=MACHINE, folder=folder)


def facts() -> list[Fact]:
    return [
        fact_of(row, stream=row.stream, origin=row.origin.wire)
        for row in Entry.objects.filter(kind="course.published@1").order_by("seq")
    ]


def forget_projections() -> None:
    for table in (Lesson, Version, Course, Blob):
        table.objects.all().delete()
    queries.version_manifest.cache_clear()


def title_of(lesson: str = "apples") -> str:
    page = queries.course_page(by=MACHINE, course_id=COURSE, language="en")
    return next(each.title for each in page.lessons if each.slug == lesson)


def test_a_published_course_can_be_learnt_in_each_of_its_languages(
    course_folder: Path, learner: Actor
) -> None:
    publication = publish(course_folder)

    assert (publication.course, publication.number) == (COURSE, 1)
    page = queries.course_page(by=learner, course_id=COURSE, language="ar")
    assert (page.card.title, page.direction) == ("العد إلى عشرين", "rtl")
    assert (page.licence, page.credits) == ("CC-BY-4.0", "Written for a test.")
    assert page.licence_address.startswith("https://creativecommons.org/licenses/by/4.0")
    assert [(each.slug, each.pages, each.questions) for each in page.lessons] == [
        ("apples", 2, 0),
        ("how-many", 0, 1),
    ]
    article = queries.lesson_content(by=learner, lesson_id=page.lessons[0].id, language="ar")
    assert (article.language, article.direction, article.page_count) == ("ar", "rtl", 2)
    assert 'alt="تفاحة"' in article.pages[0]
    assert (article.previous, article.next) == (None, page.lessons[1].id)
    quiz = queries.lesson_content(by=learner, lesson_id=page.lessons[1].id, language="ar").quiz
    assert quiz is not None
    shown = queries.quiz_in_language(quiz, "ar")
    assert shown["questions"][0]["prompt"] == "كم تفاحة؟"


def test_a_page_of_a_quiz_holds_nothing_of_its_key(course_folder: Path) -> None:
    publish(course_folder)
    lesson = Lesson.objects.get(slug="how-many")
    quiz = queries.quiz(Version.objects.get().pk, lesson.pk)

    shown = repr(queries.quiz_in_language(quiz, "en"))

    assert quiz.key["q1"].right == ("b",)
    for secret in ("correct", "explain", "answer", "Count them"):
        assert secret not in shown


def test_the_same_content_publishes_nothing(course_folder: Path, tmp_path: Path) -> None:
    first = publish(course_folder)

    again = publish(write_course(tmp_path / "copied"))

    assert not first.nothing_changed
    assert again.nothing_changed
    assert (again.version, again.number) == (first.version, 1)
    assert len(facts()) == 1


def test_a_change_is_the_next_version_and_lessons_keep_their_ids(
    course_folder: Path, edit: Edit
) -> None:
    publish(course_folder)
    before = dict(Lesson.objects.values_list("slug", "pk"))
    edit(course_folder / "course.toml", 'en = "Apples"', 'en = "Red apples"')

    second = publish(course_folder)

    assert second.number == 2
    assert dict(Lesson.objects.values_list("slug", "pk")) == before
    assert title_of() == "Red apples"


def test_going_back_to_an_earlier_content_is_a_version_of_its_own(
    course_folder: Path, edit: Edit
) -> None:
    publish(course_folder)
    edit(course_folder / "course.toml", 'en = "Apples"', 'en = "Red apples"')
    publish(course_folder)
    edit(course_folder / "course.toml", 'en = "Red apples"', 'en = "Apples"')

    third = publish(course_folder)

    assert (third.number, third.nothing_changed) == (3, False)
    assert len({version.pk for version in Version.objects.all()}) == 3
    assert title_of() == "Apples"


def test_a_lesson_that_is_left_out_stays_known_for_those_who_learnt_it(
    course_folder: Path,
) -> None:
    publish(course_folder)
    text = (course_folder / "course.toml").read_text()
    (course_folder / "course.toml").write_text(text[: text.rindex("[[lesson]]")])

    publish(course_folder)

    quiz = Lesson.objects.get(slug="how-many")
    assert quiz.position is None
    with pytest.raises(NotFound):
        queries.lesson_content(by=MACHINE, lesson_id=quiz.pk, language="en")
    first = Version.objects.get(number=1)
    assert queries.quiz(first.pk, quiz.pk).show.questions


def test_a_course_with_errors_is_refused_with_the_whole_list(
    course_folder: Path, edit: Edit
) -> None:
    edit(course_folder / "course.toml", 'licence = "CC-BY-4.0"', "")
    edit(course_folder / "course.toml", '"amber"', '"pink"')

    with pytest.raises(CourseRefused) as refusal:
        publish(course_folder)

    assert len(refusal.value.problems) == 2
    assert not Course.objects.exists()
    assert not facts()


def test_only_those_who_may_publish_do(
    course_folder: Path, learner: Actor, facilitator: Actor, administrator: Actor
) -> None:
    for actor in (learner, facilitator):
        with pytest.raises(NotAllowed):
            actions.publish(by=actor, folder=course_folder)
    assert actions.publish(by=administrator, folder=course_folder).number == 1


def test_a_hub_does_not_publish(course_folder: Path, settings: object) -> None:
    settings.ROLE = ROLES["hub"]  # type: ignore[attr-defined]

    with pytest.raises(NotAllowed):
        publish(course_folder)


def test_content_leaves_room_for_learners_answers(course_folder: Path, settings: object) -> None:
    settings.RESERVE_BYTES = shutil.disk_usage(course_folder).total  # type: ignore[attr-defined]

    with pytest.raises(NoRoom):
        publish(course_folder)

    assert not facts()


# Versions and files that arrive


def arriving(folder: Path, take_away: Callable[[], None]) -> dict[str, bytes]:
    """Publish, then take everything away: what a hub has that got the fact and no file yet."""
    publish(folder)
    kept = {
        blob.sha256: blobs.place_of(blob.sha256, blob.extension).read_bytes()
        for blob in Blob.objects.all()
    }
    known = facts()
    take_away()
    forget_projections()
    for fact in known:
        project_course_published(fact)
    return kept


def test_a_course_appears_with_its_last_file(
    course_folder: Path, empty_media: Callable[[], None]
) -> None:
    kept = arriving(course_folder, empty_media)
    missing = queries.missing_blobs()

    assert sorted(missing) == sorted(kept)
    assert [Blob.objects.get(pk=each).size for each in missing] == sorted(map(len, kept.values()))
    for sha256 in missing:
        assert queries.catalogue(by=MACHINE, language="en").total == 0
        assert sha256 in queries.missing_blobs()
        assert actions.take_blob(sha256=sha256, source=kept[sha256])
        assert not actions.take_blob(sha256=sha256, source=kept[sha256])
    assert queries.catalogue(by=MACHINE, language="en").total == 1
    assert queries.catalogue(by=MACHINE, language="en", text="two").total == 1
    assert queries.versions_held() == [Version.objects.get().pk.hex]


def test_the_older_version_is_shown_until_the_newer_one_is_whole(
    course_folder: Path, edit: Edit
) -> None:
    publish(course_folder)
    edit(course_folder / "course.toml", 'en = "Apples"', 'en = "Red apples"')
    edit(course_folder / "apples.en.md", "One, two.", "One, two, three.")
    publish(course_folder)
    known = facts()
    new = set(queries.version_manifest(Version.objects.get(number=2).pk).blobs)
    old = set(queries.version_manifest(Version.objects.get(number=1).pk).blobs)
    (sha256,) = new - old
    path = blobs.place_of(sha256, "json")
    content = path.read_bytes()
    path.unlink()

    for order in (known, known[::-1]):
        forget_projections()
        for fact in order:
            project_course_published(fact)
        assert title_of() == "Apples"
        assert queries.missing_blobs() == [sha256]
        assert queries.catalogue(by=MACHINE, language="en", text="three").total == 0

    assert actions.take_blob(sha256=sha256, source=content)
    assert title_of() == "Red apples"
    assert queries.catalogue(by=MACHINE, language="en", text="three").total == 1


def test_projecting_again_changes_nothing(course_folder: Path) -> None:
    publish(course_folder)
    before = list(Version.objects.values()), list(Lesson.objects.values())

    project_course_published(facts()[0])

    assert (list(Version.objects.values()), list(Lesson.objects.values())) == before


def test_rebuilt_from_the_journal_the_library_is_the_same(course_folder: Path, edit: Edit) -> None:
    def state() -> list[object]:
        tables = (Course, Version, Lesson)
        rows: list[object] = [list(table.objects.order_by("pk").values()) for table in tables]
        rows.append(list(Blob.objects.order_by("pk").values("pk", "state", "size")))
        return [*rows, queries.catalogue(by=MACHINE, language="en", text="red aples")]

    publish(course_folder)
    edit(course_folder / "course.toml", 'en = "Apples"', 'en = "Red apples"')
    publish(course_folder)
    before = state()

    sync.rebuild(by=MACHINE)

    assert state() == before


def test_bytes_that_are_not_what_their_name_says_are_refused(
    course_folder: Path, empty_media: Callable[[], None]
) -> None:
    kept = arriving(course_folder, empty_media)
    sha256, content = next(iter(kept.items()))

    with pytest.raises(Damaged):
        actions.take_blob(sha256=sha256, source=content[:-1] + b"\0")

    assert sha256 in queries.missing_blobs()
    assert not actions.take_blob(sha256="0" * 64, source=b"nobody asked for this")
    assert not list(blobs.place_of(sha256, "json").parent.glob(".part-*"))


def test_a_peer_is_sent_what_it_asks_for_and_what_it_cannot_know(course_folder: Path) -> None:
    version = publish(course_folder).version
    names = set(queries.version_manifest(version).blobs)
    one = min(names)

    def sent(wanted: list[str], held: list[str]) -> set[str]:
        return {each.sha256 for each in queries.blobs_for(wanted=wanted, unless_held=held)}

    assert sent([], []) == names
    assert sent([one], []) == {one}
    assert sent([], [version.hex]) == set()
    assert sent([one], [version.hex]) == {one}
    sizes = [each.size for each in queries.blobs_for(wanted=[], unless_held=[])]
    assert sizes == sorted(sizes)


# Bit rot (R035)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_flipped_byte_is_found_and_the_file_fetched_again(course_folder: Path) -> None:
    publish(course_folder)
    blob = Blob.objects.get(extension="png")
    path = blobs.place_of(blob.sha256, blob.extension)
    content = path.read_bytes()
    assert actions.scrub(by=MACHINE).damaged == ()
    flip_a_byte(path)

    scrubbed = actions.scrub(by=MACHINE)

    assert scrubbed.damaged == (blob.sha256,)
    assert queries.missing_blobs() == [blob.sha256]
    assert not path.exists()
    assert title_of() == "Apples"  # the rest of the course goes on
    assert actions.take_blob(sha256=blob.sha256, source=content)
    assert queries.missing_blobs() == []
    assert actions.scrub(by=MACHINE).damaged == ()


def test_a_lesson_whose_text_has_rotted_says_so(course_folder: Path) -> None:
    publish(course_folder)
    lesson = Lesson.objects.get(slug="apples")
    sha256 = lesson.content["content"]["en"]["blob"]
    queries._article_blob.cache_clear()
    blobs.place_of(sha256, "json").write_bytes(b"not what it was")

    with pytest.raises(NotHere):
        queries.lesson_content(by=MACHINE, lesson_id=lesson.pk, language="en")


def test_publishing_the_same_folder_heals_what_has_rotted(course_folder: Path) -> None:
    publish(course_folder)
    blob = Blob.objects.get(extension="png")
    flip_a_byte(blobs.place_of(blob.sha256, blob.extension))
    actions.scrub(by=MACHINE)

    assert publish(course_folder).nothing_changed

    assert queries.missing_blobs() == []
    assert actions.scrub(by=MACHINE).damaged == ()


def test_a_scrub_in_portions_comes_round_to_everything(course_folder: Path) -> None:
    publish(course_folder)

    rounds = [actions.scrub(by=MACHINE, most_bytes=1).looked_at for _ in range(4)]

    assert rounds == [1, 1, 1, 1]
    assert Blob.objects.count() == 4
    assert not Blob.objects.filter(looked_at=None).exists()


# Who sees what


def test_a_course_for_facilitators_is_hidden_from_learners(
    course_folder: Path, edit: Edit, learner: Actor, facilitator: Actor
) -> None:
    edit(course_folder / "course.toml", "[title]", 'audience = "facilitator"\n[title]')
    publish(course_folder)
    lesson = Lesson.objects.get(slug="apples")

    assert queries.catalogue(by=learner, language="en").total == 0
    assert queries.catalogue(by=learner, language="en", text="apples").total == 0
    assert queries.course_cards(by=learner, language="en", courses=[COURSE]) == {}
    with pytest.raises(NotFound):
        queries.course_page(by=learner, course_id=COURSE, language="en")
    with pytest.raises(NotFound):
        queries.lesson_content(by=learner, lesson_id=lesson.pk, language="en")
    assert queries.catalogue(by=facilitator, language="en").total == 1
    assert queries.catalogue(by=facilitator, language="en", text="apples").total == 1
    assert queries.lesson_content(by=facilitator, lesson_id=lesson.pk, language="en").pages


def test_media_are_found_by_name_and_texts_and_quizzes_never(course_folder: Path) -> None:
    publish(course_folder)
    for blob in Blob.objects.all():
        name = f"{blob.sha256}.{blob.extension}"
        if blob.extension == "json":
            with pytest.raises(NotFound):
                queries.media_file(name)
        else:
            assert queries.media_file(name).media_type == "image/png"
    for name in ("", "x", "../settings.py", "0" * 64 + ".png", "0" * 64 + ".png/../../x"):
        with pytest.raises(NotFound):
            queries.media_file(name)


def test_a_course_page_of_sixty_lessons_asks_the_database_twice(
    tmp_path: Path, learner: Actor, django_assert_num_queries: Callable[[int], object]
) -> None:
    folder = write_course(tmp_path / "long")
    lesson = (
        '[[lesson]]\nid = "l{0}"\nkind = "article"\ntitle = {{en = "L{0}"}}\n'
        'source = "apples.en.md"\n'
    )
    with (folder / "course.toml").open("a") as file:
        file.write("".join(lesson.format(number) for number in range(58)))
    publish(folder)

    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        page = queries.course_page(by=learner, course_id=COURSE, language="en")

    assert len(page.lessons) == 60
    queries.version_manifest(page.card.version)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        queries.lesson_content(by=learner, lesson_id=page.lessons[3].id, language="en")
