"""How often the pages that a class opens most ask the database, when nothing is remembered."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bench import ground
from passport.kernel.actor import Actor
from passport.learning.actions import assign
from passport.library.queries import version_manifest
from tests.world import World, forget

MOST = 8
LESSONS = 60


@contextmanager
def counted() -> Iterator[list[str]]:
    """Write down what the database is asked, by Django's own hook.

    Not the time last seen, noted once a minute: in a server another thread writes it, later.
    """
    asked: list[str] = []

    def hook(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hook):
        yield asked


@pytest.fixture
def pages(world: World, amina: Client, tmp_path: Path) -> list[str]:
    """A learner with courses begun and given, one of them of sixty lessons."""
    published = [ground.publish_course(tmp_path, number, LESSONS) for number in range(3)]
    course, version = published[0]
    assign(by=Actor.machine(), course=published[1][0], group=world.sunbirds.id)
    quizzes = [each.id for each in version_manifest(version).lessons if each.kind == "quiz"]
    school = ground.School("", [], course, version, [], quizzes)
    events = list(itertools.islice(ground.answers(school), 100))
    amina.get("/")
    sent = amina.post("/events", json.dumps({"events": events}), content_type="application/json")
    assert sent.status_code == 200, sent.content
    return ["/", f"/courses/{course}"]


@pytest.mark.parametrize("which", [0, 1], ids=["home", "a course of sixty lessons"])
def test_a_page_asks_the_database_at_most_eight_times(
    amina: Client, pages: list[str], which: int
) -> None:
    forget()
    with counted() as asked:
        shown = amina.get(pages[which])
    assert shown.status_code == 200
    assert len(asked) <= MOST, "\n".join(asked)


@pytest.mark.parametrize("page", ["/sign-in", "/sign-in/{group}", "/sign-in/as/{person}"])
def test_the_way_in_asks_little(world: World, page: str) -> None:
    forget()
    with counted() as asked:
        shown = Client().get(page.format(group=world.sunbirds.id, person=world.amina.person))
    assert shown.status_code == 200
    assert len(asked) <= 5, "\n".join(asked)
