"""What the country decides at its own keyboard: moving, erasing, revoking; each asks where it must."""

from __future__ import annotations

import json
from typing import Any

import pytest

from passport.cli.main import run
from passport.fleet.models import Hub, Revocation
from passport.kernel.clock import moment, now_ms
from passport.kernel.ids import new_id
from passport.node.models import Erased, Peer, Quarantined
from passport.people.models import Person
from passport.roles import HUB
from tests.world import World

KEY = "ab" * 32


@pytest.fixture
def hub(world: World) -> Peer:
    Hub.objects.create(
        key=KEY, name="Mango hub", sites=[world.mango.id.hex], admitted_at=moment(now_ms())
    )
    return Peer.objects.create(key=KEY, name="Mango hub", recipient="")


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say what somebody types when they are asked; nothing: the keyboard is closed."""

    def type_(*words: str) -> None:
        waiting = list(words)

        def answer(_: str = "") -> str:
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        monkeypatch.setattr("builtins.input", answer)

    type_()
    return type_


def test_a_learner_is_moved_and_what_follows_is_said(
    world: World, hub: Peer, capsys: pytest.CaptureFixture[str]
) -> None:
    end = world.amina.person.hex[-8:]
    assert run(["person", "move", end, "--site", world.baobab.code, "--group", "Kites"]) == 0
    said = capsys.readouterr().out
    assert "Baobab School is the person's site now." in said
    assert "Mango hub lets go of it" in said
    assert Person.objects.get(pk=world.amina.person).site_id == world.baobab.id


@pytest.mark.parametrize("who", ["", "zzzzzzzz", "1234567", "00000000"])
def test_nobody_is_moved_by_half_an_id(
    world: World, who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["person", "move", who, "--site", world.baobab.code]) == 1
    assert "No single person" in capsys.readouterr().err


@pytest.mark.parametrize("typed", [(), ("yes",), ("test country",)])
def test_nobody_is_erased_by_a_slip(world: World, types: Any, typed: tuple[str, ...]) -> None:
    types(*typed)
    assert run(["person", "erase", world.amina.person.hex]) == 1
    assert not Erased.objects.exists()


def test_who_types_the_place_erases_and_reads_who_has_confirmed(
    world: World, hub: Peer, types: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    types("Test country")
    amina = world.amina.person.hex
    assert run(["person", "erase", amina]) == 0
    said = capsys.readouterr().out
    assert f"{amina} is erased." in said
    assert Erased.objects.get().person == world.amina.person
    assert run(["person", "erasure", amina]) == 0
    receipt = capsys.readouterr().out
    assert "Test country" in receipt
    assert "Mango hub" in receipt
    assert "hasn't confirmed yet" in receipt
    assert "Not every node yet." in receipt
    assert run(["--json", "person", "erasure", amina]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["complete"] is False
    assert [node["name"] for node in told["nodes"]] == ["Test country", "Mango hub"]


@pytest.mark.parametrize("who", ["x", "00" * 16])
def test_nobody_was_erased_under_an_id_that_is_none(world: World, who: str) -> None:
    assert run(["person", "erasure", who]) == 1


def test_a_hub_is_revoked_by_whoever_types_its_name(
    hub: Peer, types: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["hub", "revoke", "Mango hub", "--why", "Stolen"]
    assert run(words) == 1
    assert not Revocation.objects.exists()
    types("Mango hub")
    assert run(words) == 0
    assert Revocation.objects.get().why == "Stolen"
    capsys.readouterr()
    run(["hub", "list"])
    assert "revoked" in capsys.readouterr().out
    assert run(["hub", "revoke", "No such hub", "--why", "x", "--yes"]) == 1


def test_what_was_set_aside_is_listed_with_its_reason(
    hub: Peer, capsys: pytest.CaptureFixture[str]
) -> None:
    Quarantined.objects.create(
        peer=hub, what="country 3–5", reason="The country has revoked this hub.", content=b"x",
        digest=new_id().bytes * 2, at=moment(now_ms()),
    )  # fmt: skip
    assert run(["hub", "quarantine", "Mango hub"]) == 0
    said = capsys.readouterr().out
    assert "The country 3–5" in said
    assert "The country has revoked this hub." in said
    assert "1 in all." in said
    assert run(["--json", "hub", "quarantine"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["places"] == "3–5"


def test_a_hub_decides_none_of_it(
    world: World, hub: Peer, types: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ROLE = HUB
    types("Test country", "Mango hub")
    person = world.amina.person.hex
    assert run(["person", "move", person, "--site", world.baobab.code]) == 1
    assert run(["person", "erase", person]) == 1
    assert run(["hub", "revoke", "Mango hub", "--why", "Mine"]) == 1
    assert not Erased.objects.exists()
    assert not Revocation.objects.exists()
