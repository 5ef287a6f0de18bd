"""Who a session belongs to: asked by every request, so cheap, and never stale for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from passport.kernel.clock import moment, now_ms
from passport.kernel.ids import new_id
from passport.people import actions
from passport.people.engine import seen, visits
from passport.people.models import SignIn
from passport.people.queries import actor_of, visit_of
from tests.world import World


@pytest.fixture
def winds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give a monotonic clock that a test winds on: `winds[0] += seconds`."""
    now = [5000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_a_signed_in_person_costs_one_query_and_then_none_for_ten_seconds(
    world: World, winds: list[float], django_assert_num_queries: Any
) -> None:
    sign_in = world.facilitator.sign_in()
    with django_assert_num_queries(1):
        assert actor_of(sign_in.id) is not None
    with django_assert_num_queries(0):
        assert actor_of(sign_in.id) is not None
    winds[0] += 11
    with django_assert_num_queries(1):
        assert actor_of(sign_in.id) is not None


def test_signing_out_is_seen_at_once(world: World) -> None:
    sign_in = world.amina.sign_in()
    assert actor_of(sign_in.id) is not None
    actions.sign_out(sign_in=sign_in.id)
    actions.sign_out(sign_in=sign_in.id)
    assert actor_of(sign_in.id) is None


def test_what_another_process_ends_is_seen_within_ten_seconds(
    world: World, winds: list[float]
) -> None:
    sign_in = world.amina.sign_in()
    assert actor_of(sign_in.id) is not None
    SignIn.objects.filter(pk=sign_in.id).update(ended=moment(now_ms()))
    winds[0] += 10.1
    assert actor_of(sign_in.id) is None


def test_an_unknown_sign_in_is_nobody(world: World) -> None:
    assert actor_of(new_id()) is None


def test_a_sign_in_ends_after_the_hours_of_the_site(world: World, settings: Any) -> None:
    sign_in = world.amina.sign_in()
    old = moment(now_ms()) - timedelta(hours=settings.SESSION_HOURS, minutes=1)
    SignIn.objects.filter(pk=sign_in.id).update(last_seen=old)
    assert actor_of(sign_in.id) is None


def test_what_was_read_before_a_change_is_not_remembered_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = world.amina.sign_in()
    read = visits._read

    def read_slowly(of: Any) -> Any:
        found = read(of)
        actions.sign_out(sign_in=sign_in.id)
        return found

    monkeypatch.setattr(visits, "_read", read_slowly)
    assert visit_of(sign_in.id) is not None
    monkeypatch.setattr(visits, "_read", read)
    assert visit_of(sign_in.id) is None


def test_being_here_is_written_once_a_minute_and_with_others(
    world: World, winds: list[float], django_assert_num_queries: Any
) -> None:
    amina, bilal = world.amina.sign_in(), world.bilal.sign_in()
    long_ago = moment(0)
    SignIn.objects.update(last_seen=long_ago)
    seen.forget()
    actions.touch(sign_in=amina.id)
    assert SignIn.objects.get(pk=amina.id).last_seen > long_ago
    SignIn.objects.update(last_seen=long_ago)
    with django_assert_num_queries(0):
        actions.touch(sign_in=amina.id)
        actions.touch(sign_in=bilal.id)
    assert seen.waiting() == {bilal.id}
    winds[0] += 61
    actions.touch(sign_in=amina.id)
    assert seen.waiting() == frozenset()
    assert not SignIn.objects.filter(last_seen=long_ago).exists()
