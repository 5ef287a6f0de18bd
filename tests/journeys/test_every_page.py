"""Every page of every door, for whom it is meant, in every language, on the smallest phone.

What must hold stands in `watching.py`; here stands which pages there are, and a test that none of
them is missing.
"""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.journeys.making import DONE
from tests.journeys.nodes import Node
from tests.journeys.screens import LIBRARY, NARROW, OpenContext, sign_in
from tests.journeys.test_office import zipped
from tests.journeys.watching import Watch

LANGUAGES = ("en", "ar", "fr", "es")
BLUE = "Blue class"

VISITOR = {
    "learner:group": "/sign-in/{blue}",
    "learner:code": "/sign-in/as/{amina}",
    "learner:password": "/sign-in/password",
    "learner:language": "/language",
    "learner:away": "/away?to=https%3A%2F%2Fexample.org%2Fapples",
}
LEARNER = {
    "learner:home": "/",
    "learner:courses": "/courses",
    "learner:course": "/courses/{counting}",
    "learner:done": "/courses/{water}/done",
    "learner:learnt": "/learnt",
    "learner:still_you": "/still-you?next=/courses",
}
FACILITATOR = {
    "facilitator:classes": "/class?all",
    "facilitator:glance": "/class/{blue}",
    "facilitator:ready": "/class/{blue}/ready",
    "facilitator:add": "/class/{blue}/add",
    "facilitator:paste": "/class/{blue}/list",
    "facilitator:assign": "/class/{blue}/assign",
    "facilitator:learner": "/learners/{done}",
    "facilitator:card": "/learners/{done}/card",
    "facilitator:assign_one": "/learners/{done}/assign",
    "facilitator:answers": "/learners/{done}/answers/{quiz}",
    "facilitator:password": "/password",
    "facilitator:carry": "/carry",
}
OFFICE = {
    "office:overview": "/office",
    "office:figure": "/office/figures/users",
    "office:sites": "/office/sites",
    "office:add_site": "/office/sites/add",
    "office:site": "/office/sites/{site}",
    "office:people": "/office/people",
    "office:person": "/office/people/{david}",
    "office:move": "/office/people/{david}/move",
    "office:move_to": "/office/people/{david}/move/{site}",
    "office:alike": "/office/people/alike",
    "office:merge": "/office/people/{david}/is/{other}",
    "office:staff": "/office/staff",
    "office:add_staff": "/office/staff/add",
    "office:hubs": "/office/hubs",
    "office:enrol_hub": "/office/hubs/enrol",
    "office:hub": "/office/hubs/{hub}",
    "office:aside": "/office/hubs/aside",
    "office:hub_aside": "/office/hubs/{hub}/aside",
    "office:revoke_hub": "/office/hubs/{hub}/revoke",
    "office:courses": "/office/courses",
    "office:publish": "/office/courses/publish",
    "office:course": "/office/courses/{counting}",
    "office:parcels": "/office/parcels",
}
ON_THE_WAY = {
    "learner:sign_in",
    "learner:card",
    "learner:lesson",
    "office:confirm",
    "office:end_role",
    "office:part",
}
"""Pages that the tests below come to by a button or with more than one state."""
NO_PAGES = {
    # forms that lead to another page, what scripts ask for, and files
    "learner": {"card_typed", "sign_out", "answers", "read", "events"},
    "facilitator": {
        "new_class", "board", "ready_board", "cards", "unassign", "change", "card_pdf", "pictures", "make",
        "take", "parcel",
    },
    "office": {"count", "add_class", "grant_role", "parcel"},
}  # fmt: skip
LESSONS = (
    ("counting", "one-to-five"),
    ("counting", "rhyme"),
    ("water", "wash-hands"),
    ("water", "safe-water"),
)
QUIZZES = (("counting", "how-many"), ("counting", "what-comes-next"))
ONE_BY_ONE = """(shown) => document.querySelectorAll("[data-question]")
  .forEach((each) => { each.hidden = each !== shown; })"""


def test_no_page_is_forgotten() -> None:
    looked_at = {*VISITOR, *LEARNER, *FACILITATOR, *OFFICE, *ON_THE_WAY}
    for door, without in NO_PAGES.items():
        module = import_module(f"passport.web.{door}.urls")
        names = {pattern.name for pattern in module.urlpatterns}
        missing = {f"{door}:{name}" for name in names - without} - looked_at
        assert not missing, f"Say in {__name__} how to come to {missing}"


def places(node: Node) -> dict[str, str]:
    """Return what stands in braces in the addresses above."""
    courses = node.cast["courses"]
    learners = {name: one["person"] for name, one in node.cast["learners"].items()}
    return {
        "blue": node.cast["groups"].get(BLUE, ""),
        "amina": learners.get("Amina", ""),
        "done": learners.get(DONE, ""),
        "david": learners.get("David", ""),
        "other": next((one for name, one in learners.items() if name != "David"), ""),
        "hub": next(iter(node.cast["hubs"].values()), ""),
        "site": node.cast["sites"]["Mango School"],
        "counting": courses["counting"]["course"],
        "water": courses["water"]["course"],
        "quiz": node.lesson_id("counting", "how-many"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_before_anybody_is_signed_in(
    open_context: OpenContext, mango: Node, country: Node, language: str
) -> None:
    watch = Watch(open_context(locale=language, viewport=NARROW), mango.address, language)
    for path in VISITOR.values():
        watch.open(path.format(**places(mango)))
    # refused; and slowed down, where others have just tried from the same place
    watch.open("/c/000000000000", status=(403, 429))
    watch.open("/nowhere", status=(404,))
    watch.page.goto(mango.at(f"/sign-in/as/{places(mango)['amina']}"))
    for _ in range(3):
        watch.page.locator("[data-code] button[value=key]").click()
    watch.page.locator(".notice").wait_for()
    watch.look("wrong pictures")
    assert not watch.found

    other = Watch(open_context(locale=language, viewport=NARROW), country.address, language)
    other.open("/sign-in")
    assert not other.found


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_learners(open_context: OpenContext, mango: Node, language: str) -> None:
    watch = Watch(open_context(locale=language, viewport=NARROW), mango.address, language)
    watch.page.goto(mango.card(DONE))
    assert len(watch.context.cookies()) == 1
    for path in LEARNER.values():
        watch.open(path.format(**places(mango)))
    watch.open("/courses?q=nothing-of-this-name")
    for course, lesson in LESSONS:
        watch.open(f"/lessons/{mango.lesson_id(course, lesson)}")
    for course, lesson in QUIZZES:
        page = watch.open(f"/lessons/{mango.lesson_id(course, lesson)}")
        for question in page.locator("[data-question]").all():
            page.evaluate(ONE_BY_ONE, question.element_handle())
            watch.look(f"{lesson} {question.get_attribute('data-kind')}")
    assert not watch.found


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_facilitators(open_context: OpenContext, mango: Node, language: str) -> None:
    watch = Watch(open_context(locale=language, viewport=NARROW), mango.address, language)
    sign_in(watch.page, mango, "grace")
    for path in FACILITATOR.values():
        watch.open(path.format(**places(mango)))
    watch.open("/class/{blue}/add?new={amina}".format(**places(mango)))
    page = watch.open("/class/{blue}/list".format(**places(mango)))
    page.locator("textarea").fill("Neema, Otieno, F\nAsha, Juma, perhaps\nAmina;Otieno\n")
    page.locator("main form button").last.click()
    watch.look("a list that was looked at")
    assert not watch.found


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_office(open_context: OpenContext, country: Node, language: str) -> None:
    watch = Watch(open_context(locale=language, viewport=NARROW), country.address, language)
    sign_in(watch.page, country, "admin", "/office")
    for path in OFFICE.values():
        watch.open(path.format(**places(country)))
    page = watch.open("/office/courses/publish")
    toml = (LIBRARY / "tablet" / "course.toml").read_text().replace("licence", "lisence")
    page.locator("#f-zip").set_input_files(zipped(LIBRARY / "tablet", **{"course.toml": toml}))
    page.locator("form:has(#f-zip) button").click()
    watch.look("before publishing")
    page.goto(country.at("/office/staff"))
    page.locator("a[href$='/end']").first.click()
    watch.look("the end of a role")
    assert not watch.found
