"""The office and its hubs: what was set aside and why, a hub that is revoked, what each has confirmed."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from passport.fleet.models import Hub, Revocation
from passport.kernel.clock import moment, now_ms
from passport.kernel.ids import new_id
from passport.node.models import Direction, ParcelNote, Peer, Quarantined
from passport.sync import sentences
from tests.world import World, browser

KEY = "ab" * 32
OTHER = "cd" * 32
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hub(world: World) -> Peer:
    Hub.objects.create(
        key=KEY, name="Mango hub", sites=[world.mango.id.hex], admitted_at=moment(now_ms())
    )
    Hub.objects.create(
        key=OTHER, name="Baobab hub", sites=[world.baobab.id.hex], admitted_at=moment(now_ms())
    )
    Peer.objects.create(key=OTHER, name="Baobab hub", recipient="")
    return Peer.objects.create(
        key=KEY, name="Mango hub", recipient="", incarnations=["0123456789abcdef"], version="2.1"
    )


def put_aside(peer: Peer, what: str, reason: str, content: bytes = b"[1]") -> None:
    Quarantined.objects.create(
        peer=peer,
        what=what,
        reason=reason,
        content=content,
        digest=new_id().bytes * 2,
        at=moment(now_ms()),
    )


def text(answer: object) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return " ".join(unescape(plain).split())


def test_what_was_set_aside_is_told_in_words(world: World, hub: Peer, olga: Client) -> None:
    put_aside(hub, f"person:{world.amina.person.hex} 3–5", "It isn't granted this stream.")
    put_aside(hub, f"site:{world.mango.id.hex} 1–1", "Only the country writes role.granted@1.")
    put_aside(hub, f"person:{new_id().hex} 1–1", "It isn't granted this stream.")
    page = text(olga.get(f"/office/hubs/{KEY}/aside"))
    for words in (
        "It isn't granted this stream.", "Only the country writes role.granted@1.", "Mango School",
        "A••• D•••", "somebody who isn't known here", "3–5", "5b315d",
    ):  # fmt: skip
        assert words in page, words
    assert "Amina" not in page
    olga.post("/language", {"language": "ar"})
    assert "Only the country" not in text(olga.get("/office/hubs/aside"))


def test_every_reason_for_setting_aside_has_its_sentence() -> None:
    """A reason that `sentences` doesn't know would be shown in English."""
    said = set()
    for path, within in (
        ("policies.py", {"objection", "_out_of_place", "forbidden", "overreach"}),
        ("engine/taking.py", {"_take"}),
    ):
        tree = ast.parse((ROOT / "passport/sync" / path).read_text())
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in within:
                said |= {_sentence(node) for node in ast.walk(function)}
    begins = re.compile(r"[A-Z%](?!.*\n).*\.$")
    said = {each for each in said if begins.match(each)} - set(sentences.SET_ASIDE)
    assert not {each for each in said if not each.startswith(("Say ", "Apply "))}


def _sentence(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "%(kind)s" for p in node.values]
        return "".join(map(str, parts))
    return ""


def test_the_list_is_of_one_hub_or_of_all_and_has_pages(hub: Peer, olga: Client) -> None:
    for number in range(51):
        put_aside(hub, f"country {number + 1}–{number + 1}", "It isn't granted this stream.")
    other = Peer.objects.get(key=OTHER)
    put_aside(other, "country 1–1", "The country has revoked this hub.")
    assert "The country has revoked" in text(olga.get("/office/hubs/aside"))
    first = text(olga.get(f"/office/hubs/{KEY}/aside"))
    assert "The country has revoked" not in first
    assert "Page 1 of 2 · 51 in all" in first
    assert "1–1" in text(olga.get(f"/office/hubs/{KEY}/aside?page=2"))
    assert "Nothing was set aside." in text(olga.get(f"/office/hubs/{KEY}/aside?page=99"))


def test_what_a_hostile_hub_wrote_does_nothing_on_the_page(hub: Peer, olga: Client) -> None:
    from passport.sync.engine.wire import pack

    put_aside(hub, "country 1–1", "<script>x</script>", pack(b"<script>alert(1)</script>"))
    assert "<script>alert" not in olga.get("/office/hubs/aside").text


def test_a_hub_is_revoked_for_a_reason_after_being_asked(
    world: World, hub: Peer, adam: Client
) -> None:
    there = f"/office/hubs/{KEY}"
    asked = text(adam.get(f"{there}/revoke"))
    assert "Mango School" in asked
    assert "can't be taken back" in asked
    assert adam.post(f"{there}/revoke", {"why": "  "}).status_code == 400
    assert not Revocation.objects.exists()
    assert adam.post(f"{there}/revoke", {"why": "Stolen on the bus"}).status_code == 302
    page = text(adam.get(there))
    assert "Stolen on the bus" in page
    assert "Revoke this hub" not in page
    assert "keep coming" not in page
    assert "revoked" in text(adam.get("/office/hubs"))
    assert adam.get(f"{there}/revoke").status_code == 302

    hub.last_heard = moment(now_ms() + 1000)
    hub.save()
    assert "Its parcels keep coming" in text(adam.get(there))
    assert "still sends" in text(adam.get("/office/hubs"))


def test_the_hub_page_says_what_it_has_confirmed_and_lists_its_parcels(
    hub: Peer, olga: Client
) -> None:
    for direction in Direction:
        ParcelNote.objects.create(
            id=new_id(), peer=hub, direction=direction, carrier="stick", at=moment(now_ms())
        )
    page = text(olga.get(f"/office/hubs/{KEY}"))
    for words in ("2.1", "0123456789abcdef", "to Mango hub", "from Mango hub", "Confirmed"):
        assert words in page, words
    assert "Revoke this hub" not in page  # the office reads


@pytest.mark.parametrize("path", ["/aside", "/revoke", ""])
def test_others_find_nothing(world: World, hub: Peer, olga: Client, path: str) -> None:
    there = f"/office/hubs/{KEY}{path}"
    for somebody in (world.facilitator, world.amina):
        client = browser(somebody.sign_in())
        assert client.get(there).status_code == 404
        assert client.post(there).status_code in {404, 405}
    assert olga.get(f"/office/hubs/{KEY}/revoke").status_code == 404
    assert olga.post(f"/office/hubs/{KEY}/revoke", {"why": "Mine now"}).status_code == 404
    assert not Revocation.objects.exists()


@pytest.mark.parametrize("path", ["", "/aside", "/revoke"])
@pytest.mark.parametrize("key", ["00" * 32, "x", "%2e%2e", KEY[:8]])
def test_a_hub_that_is_none_is_not_found(adam: Client, key: str, path: str) -> None:
    assert adam.get(f"/office/hubs/{key}{path}").status_code == 404


def test_lists_are_read_only(adam: Client, hub: Peer) -> None:
    for there in ("/office/hubs/aside", f"/office/hubs/{KEY}/aside", f"/office/hubs/{KEY}"):
        assert adam.post(there).status_code == 405
