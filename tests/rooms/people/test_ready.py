"""Ready to leave: what devices say decides who has sent everything, and time alone never (C8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from passport.kernel.clock import moment, now_ms
from passport.kernel.errors import NotFound
from passport.people import actions, queries
from passport.people.models import Held, SignIn
from passport.people.queries import Readiness
from tests.world import Learner, World, machine

TABLET, PHONE = uuid4(), uuid4()


def tell(
    who: Learner, device: UUID, held: dict[UUID, int] | None = None, *, stays: bool = True
) -> SignIn:
    sign_in = who.sign_in()
    actions.tell_held(
        sign_in=sign_in.id, person=who.person, device=device, held=held or {}, stays=stays
    )
    return sign_in


def state(world: World) -> dict[UUID, Any]:
    return {line.person: line for line in queries.ready_to_leave(machine(), world.sunbirds.id)}


def later(minutes: int) -> None:
    Held.objects.update(told_at=moment(now_ms()) - timedelta(minutes=minutes))
    SignIn.objects.update(last_seen=moment(now_ms()) - timedelta(minutes=minutes))


def test_who_was_never_here_holds_nothing(world: World) -> None:
    assert state(world)[world.amina.person].state is Readiness.ABSENT


def test_a_device_that_holds_nothing_and_was_just_heard_has_sent_all(world: World) -> None:
    tell(world.amina, TABLET)
    assert state(world)[world.amina.person].state is Readiness.SENT


def test_what_a_device_still_holds_is_said_however_long_ago_it_said_so(world: World) -> None:
    tell(world.amina, TABLET, {world.amina.person: 3})
    later(60 * 24 * 30)
    line = state(world)[world.amina.person]
    assert (line.state, line.unsent, line.device) == (Readiness.WAITING, 3, "computer")


def test_who_may_have_gone_on_unheard_is_not_called_ready(world: World) -> None:
    tell(world.amina, TABLET)
    later(10)
    line = state(world)[world.amina.person]
    assert line.state is Readiness.UNHEARD
    assert line.heard_at is not None


def test_who_signed_out_with_nothing_left_is_ready_however_long_ago(world: World) -> None:
    sign_in = tell(world.amina, TABLET, stays=False)
    actions.sign_out(sign_in=sign_in.id)
    later(60)
    assert state(world)[world.amina.person].state is Readiness.SENT


def test_who_signed_in_on_a_device_that_never_spoke_is_not_called_ready(world: World) -> None:
    world.amina.sign_in()
    later(10)
    assert state(world)[world.amina.person].state is Readiness.UNHEARD


def test_one_device_tells_of_everybody_who_used_it(world: World) -> None:
    tell(world.amina, TABLET)
    tell(world.bilal, TABLET, {world.amina.person: 2, world.bilal.person: 0})
    seen = state(world)
    assert seen[world.amina.person].unsent == 2
    assert seen[world.bilal.person].state is Readiness.SENT
    tell(world.bilal, TABLET)
    assert state(world)[world.amina.person].state is Readiness.SENT


def test_two_devices_are_kept_apart(world: World) -> None:
    tell(world.amina, TABLET, {world.amina.person: 2})
    tell(world.amina, PHONE)
    assert state(world)[world.amina.person].unsent == 2
    tell(world.amina, TABLET)
    assert state(world)[world.amina.person].state is Readiness.SENT


def test_a_browser_that_forgot_its_number_leaves_no_ghost(world: World) -> None:
    sign_in = tell(world.amina, TABLET, {world.amina.person: 2})
    actions.tell_held(sign_in=sign_in.id, person=world.amina.person, device=PHONE, held={})
    assert Held.objects.count() == 1
    assert state(world)[world.amina.person].state is Readiness.SENT


def test_nonsense_is_bounded_and_nobody_is_invented(world: World) -> None:
    said = {uuid4(): 1 for _ in range(500)} | {world.amina.person: -7}
    tell(world.amina, TABLET, said)
    assert list(Held.objects.values_list("person", "unsent")) == [(world.amina.person, 0)]
    actions.tell_held(sign_in=uuid4(), person=world.bilal.person, device=PHONE, held={})
    assert Held.objects.count() == 1


def test_those_whose_device_needs_a_hand_come_first(world: World) -> None:
    tell(world.amina, TABLET)
    tell(world.bilal, PHONE, {world.bilal.person: 1})
    lines = queries.ready_to_leave(world.facilitator.actor, world.sunbirds.id)
    assert [line.person for line in lines] == [world.bilal.person, world.amina.person]


@pytest.mark.parametrize("who", ["stranger", "office", "amina"])
def test_nobody_else_reads_it(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        queries.ready_to_leave(getattr(world, who).actor, world.sunbirds.id)
