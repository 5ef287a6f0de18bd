"""Finding courses: tables of what is typed and what is found, in four languages and more (R191)."""

from __future__ import annotations

import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.library.engine import finding, index
from passport.library.engine.search import Entry, Place, deletions, one_slip_apart, slips
from passport.library.models import Audience, Course, SearchPosting

pytestmark = pytest.mark.django_db

SHELF: dict[str, list[tuple[int, Place, str]]] = {
    "counting": [
        (0, Place.TITLE, "Counting to twenty"),
        (0, Place.TITLE, "العد إلى عشرين"),
        (0, Place.TITLE, "ການນັບເລກ"),
        (0, Place.TITLE, "Të numërojmë deri në njëzet"),
        (0, Place.TAG, "numbers"),
        (1, Place.LESSON_TITLE, "Apples"),
        (1, Place.TEXT, "One apple, two apples. Put every apple in the basket."),
        (1, Place.TEXT, "تفاحة واحدة، تفاحتان. ضع كل تفاحة في السلة."),
        (1, Place.TEXT, "ໝາກໂປມໜຶ່ງໜ່ວຍ ໝາກໂປມສອງໜ່ວຍ"),
        (1, Place.TEXT, "Një mollë, dy mollë. Vendosi mollët në shportë."),
    ],
    "water": [
        (0, Place.TITLE, "Clean water and health"),
        (0, Place.TITLE, "الماء النظيف والصحة"),
        (0, Place.TITLE, "ນ້ຳສະອາດ"),
        (0, Place.TITLE, "Uji i pastër dhe shëndeti"),
        (0, Place.SUMMARY, "Why we wash our hands, and how to keep a well clean."),
        (1, Place.LESSON_TITLE, "Washing hands"),
        (1, Place.TEXT, "Wash with soap. An apple should be washed too."),
        (2, Place.LESSON_TITLE, "The well"),
        (2, Place.TEXT, "Cover the well. Keep animals away."),
    ],
    "online": [
        (0, Place.TITLE, "Staying safe online"),
        (0, Place.TITLE, "السلامة على الإنترنت"),
        (0, Place.TAG, "safety"),
        (1, Place.LESSON_TITLE, "Cyberbullying"),
        (1, Place.TEXT, "Tell somebody whom you trust."),
        (2, Place.TEXT, "Apples are mentioned nowhere but here: numbers are counted in the water."),
    ],
    "thai": [(0, Place.TITLE, "การนับเลข"), (1, Place.TEXT, "หนึ่ง สอง สาม")],
    "jobs": [
        (0, Place.TITLE, "Të shkruajmë një çertifikatë"),
        (0, Place.TITLE, "Digital skills for a first job"),
        (1, Place.TEXT, "A curriculum vitae says what you can do."),
    ],
}
COURSES = {name: UUID(int=number) for number, name in enumerate(SHELF, start=1)}
NAMES = {course: name for name, course in COURSES.items()}


@pytest.fixture(autouse=True)
def shelf(db: None) -> None:
    Course.objects.bulk_create(Course(id=course) for course in COURSES.values())
    index.write(
        [
            Entry(course=COURSES[name], audience="learner", texts=tuple(texts))
            for name, texts in SHELF.items()
        ]
    )


def found_for(typed: str, *, hidden: Audience | None) -> list[finding.Found]:
    return finding.find(finding.understood(typed), hidden=hidden)


def found(typed: str, hidden: Audience | None = None) -> list[str]:
    return [NAMES[each.course] for each in found_for(typed, hidden=hidden)]


FINDS = [
    # what is typed            what is found first
    # English
    ("counting", "counting"),
    ("COUNTING TO", "counting"),
    ("coun", "counting"),  # as one types
    ("cuonting", "counting"),  # two letters swapped
    ("countin", "counting"),
    ("countting", "counting"),  # one too many
    ("conting", "counting"),  # one left out
    ("caunting twenty", "counting"),  # one replaced
    ("basket", "counting"),  # in a lesson's text
    ("baskte apples", "counting"),
    ("wash hands", "water"),
    ("cyberbullying", "online"),
    ("cyberbulying", "online"),
    ("safety", "online"),  # a tag
    ("curiculum vitae", "jobs"),
    # Arabic: hamza, ta marbuta, harakat, tatweel, the article, digits
    ("العد", "counting"),
    ("عد الى عشرين", "counting"),
    ("الى", "counting"),
    ("تفاحه", "counting"),
    ("تُفَّاحَة", "counting"),
    ("تفـــاحة", "counting"),
    ("التفاحة", "counting"),
    ("تفحة", "counting"),
    ("سلة", "counting"),
    ("الماء النضيف", "water"),
    ("ماء", "water"),
    ("انترنت", "online"),
    ("الانترنيت", "online"),
    # Lao: no spaces between words, with and without tone marks
    ("ນັບ", "counting"),
    ("ນັບເລກ", "counting"),
    ("ໝາກໂປມ", "counting"),
    ("ນ້ຳ", "water"),
    ("ນຳສະອາດ", "water"),
    # Thai
    ("นับ", "thai"),
    ("เลข", "thai"),
    # Albanian: ë and ç are left out on many keyboards
    ("numerojme", "counting"),
    ("NUMËROJMË", "counting"),
    ("molle", "counting"),
    ("shporte", "counting"),
    ("uji i paster", "water"),
    ("shendeti", "water"),
    ("shendti", "water"),
    ("certifikate", "jobs"),
    ("çertifikat", "jobs"),
]


@pytest.mark.parametrize(("typed", "first"), FINDS)
def test_what_is_typed_finds_the_course(typed: str, first: str) -> None:
    assert found(typed)[:1] == [first]


@pytest.mark.parametrize("typed", ["", "  ", "…", "xylophone", "%", "' OR 1=1 --", "\0", "ه" * 300])
def test_what_stands_nowhere_finds_nothing_and_harms_nothing(typed: str) -> None:
    assert found(typed) == []


def test_a_title_comes_before_a_tag_and_a_tag_before_a_text() -> None:
    assert found("water") == ["water", "online"]
    assert found("numbers") == ["counting", "online"]
    assert found("apples") == ["counting", "online"]


def test_the_whole_word_comes_before_its_beginning_and_that_before_a_slip() -> None:
    Course.objects.bulk_create(Course(id=UUID(int=number)) for number in (91, 92, 93))
    index.write(
        [
            Entry(course=UUID(int=number), audience="learner", texts=((0, Place.TITLE, title),))
            for number, title in ((91, "planting"), (92, "plant"), (93, "clan"))
        ]
    )

    def numbers(typed: str) -> list[int]:
        return [each.course.int for each in found_for(typed, hidden=None)]

    assert numbers("plant") == [92, 91]
    assert numbers("plan")[2:] == [93]
    assert numbers("planx") == [92]
    assert numbers("clam") == [93]


def test_all_words_are_wanted_and_else_as_many_as_there_are() -> None:
    assert found("apple basket") == ["counting"]
    assert found("apple soap") == ["water"]
    assert found("basket soap xylophone") == ["counting", "water"]


def test_words_in_different_languages_and_lessons_find_one_course() -> None:
    assert found("counting تفاحة") == ["counting"]
    assert found("clean soap well") == ["water"]


@pytest.mark.parametrize(
    ("typed", "lesson"), [("washing hands", 1), ("cover the well", 2), ("digital skills", None)]
)
def test_the_lesson_that_fits_best_is_told(typed: str, lesson: int | None) -> None:
    slots = finding.understood(typed)
    (first, *_rest) = finding.find(slots, hidden=None)

    assert finding.best_lessons(slots, [first.entry]).get(first.entry) == lesson


def test_courses_for_others_are_left_out() -> None:
    index.write(
        [Entry(course=COURSES["jobs"], audience="facilitator", texts=((0, Place.TITLE, "Job"),))]
    )

    assert found("job", hidden=Audience.FACILITATOR) == []
    assert found("job") == ["jobs"]


def test_a_course_written_again_is_found_by_its_new_words_only() -> None:
    index.write(
        [Entry(course=COURSES["water"], audience="learner", texts=((0, Place.TITLE, "Rivers"),))]
    )

    assert found("rivers") == ["water"]
    assert found("soap") == []
    index.erase([COURSES["water"]])
    assert found("rivers") == []
    assert not SearchPosting.objects.filter(entry__course=COURSES["water"]).exists()


# The rules


def edits(word: str) -> set[str]:
    letters = "abcx"
    near = {word[:at] + word[at + 1 :] for at in range(len(word))}
    near |= {
        word[:at] + letter + word[at:]
        for at, letter in itertools.product(range(len(word) + 1), letters)
    }
    near |= {
        word[:at] + letter + word[at + 1 :]
        for at, letter in itertools.product(range(len(word)), letters)
    }
    near |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return near - {word}


@given(st.text("abcx", min_size=1, max_size=7), st.text("abcx", max_size=8))
def test_one_slip_is_what_it_is_said_to_be(one: str, other: str) -> None:
    assert one_slip_apart(one, other) == (other in edits(one))
    assert one_slip_apart(one, other) == one_slip_apart(other, one)


@given(st.text("abcx", min_size=4, max_size=8), st.data())
def test_the_index_of_deletions_knows_every_slip(term: str, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(sorted(edits(term))))
    forms = {typed, *deletions(typed)}
    candidates = [term] if term in forms or forms & deletions(term) else []

    assert len(typed) < 4 or slips(typed, candidates) == [term]
