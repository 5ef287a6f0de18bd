"""A hub's box is stolen, a stick is lost, the country's database is copied: whom does that name? (T1, T23)

What `docs/at-rest.md` says is shown here, the good and the bad of it.
"""

from __future__ import annotations

import logging
import shutil
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from passport.kernel.actor import Actor, Grant
from passport.kernel.ids import new_id
from passport.kernel.permissions import RoleName
from passport.node import actions as node
from passport.node.errors import KeyMissing, Locked
from passport.node.models import Entry
from passport.people import actions as people
from passport.people.errors import WrongSignIn
from passport.people.models import Site
from passport.people.queries import cards_of, names_of
from tests.rooms.learning.device import Device
from tests.simulation.nodes import MACHINE, Node, meet
from tests.support.restart import make_keys_cheap, restart
from tests.sync.conftest import Pair, make_pair

PEOPLE = 200
STEM = "zqphyrine"
"""Every value that is planted holds it, so one look finds a part of any of them."""
ARABIC = "زقفيرين"
PASSWORD = f"{STEM} opens 77"


@dataclass
class Planted:
    """A hub with a class of two hundred, and all that is known of them."""

    hub: Node
    country: Node
    people: list[UUID]
    codes: list[str]
    """Of their cards."""
    unlocking: str
    stick: list[bytes]
    """The files of a parcel on its way."""

    def disk(self) -> dict[Path, bytes]:
        """Read every file that lies on the hub's disk."""
        return dump(self.hub.folder)


def dump(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def forms(value: str) -> set[bytes]:
    """Every way in which a text may lie in a file: as it is, in JSON, in base64 at any place."""
    spelled = {value, value.lower(), value.upper(), value.capitalize()}
    plain = {each.encode(how) for each in spelled for how in ("utf-8", "utf-16-le")}
    plain |= {each.encode("unicode_escape") for each in spelled}
    return plain | {form for each in plain for form in packed(each)}


def packed(plain: bytes) -> set[bytes]:
    in_base64 = {b64encode(bytes(before) + plain)[before + 1 : -4] for before in range(3)}
    return {*in_base64, plain.hex().encode()}


def found(files: dict[Path, bytes], *values: str) -> list[str]:
    return [
        f"{value} in {path.name}"
        for value in values
        for form in forms(value)
        for path, content in files.items()
        if form in content
    ]


def codes_found(files: dict[Path, bytes], codes: list[str]) -> list[str]:
    """Look for codes, in the few ways in which a code can lie anywhere: there are hundreds."""
    disk = b"\0".join(files.values())
    return [
        code
        for code in codes
        for plain in (code.encode(), code.replace(" ", "").encode())
        if plain in disk or any(form in disk for form in packed(plain))
    ]


@pytest.fixture(scope="module")
def planted(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Planted]:
    """Fill a hub by every way in which something personal comes in, and switch it off."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        make_keys_cheap(patch)
        pair = make_pair(tmp_path_factory.mktemp("deployment"))
        yield fill(pair)
        pair.country.close()
        pair.hub.close()


def fill(pair: Pair) -> Planted:
    with pair.country:
        people.add_staff(
            by=MACHINE, given=f"{STEM} teacher", username=f"{STEM}-teacher", password=PASSWORD,
            role="facilitator", site=pair.site,
        )  # fmt: skip
    made = [register(pair, number) for number in range(PEOPLE)]
    with pair.hub:
        codes = [face.code for face in cards_of(MACHINE, pair.group)]
    meet(pair.hub, pair.country)
    for number, by in enumerate(made):
        with pair.hub:
            device = Device(by, pair.course)
            attempt = new_id()
            device.send(
                *(
                    device.event(
                        "answered", "quiz", attempt=attempt, question=name, response=said, ms=9
                    )
                    for name, said in (("q2", f"{STEM} {number}"), ("q3", [ARABIC, f"{number}"]))
                )
            )
    with pair.hub:
        people.sign_in_with_card(code=codes[0])
        code = node.lock(by=MACHINE)
        at_the_door()
    carrying = pair.hub.folder / "data" / "carrying"
    carrying.mkdir()
    stick = pair.hub.parcel_for(pair.country)
    for at, content in enumerate(stick):
        (carrying / f"{at}.parcel").write_bytes(content)
    with pair.hub:
        restart()
    persons = [by.person for by in made if by.person is not None]
    return Planted(pair.hub, pair.country, persons, codes, code, stick)


def register(pair: Pair, number: int) -> Actor:
    with pair.hub:
        person = people.register_learner(
            by=MACHINE,
            site=pair.site,
            group=pair.group,
            given=f"{STEM}{number:03}" if number % 2 else f"{ARABIC} {number}",
            family=f"Van {STEM}",
            contact=f"{STEM}.{number}@example.org" if number % 3 else f"+23324{number:07}",
        ).person
        if number % 20 == 0:
            people.set_password(
                by=MACHINE, person=person, username=f"{STEM}-{number}", password=PASSWORD
            )
            people.change_person(by=MACHINE, person=person, family=f"Von {STEM}")
            people.reveal(by=MACHINE, person=person, reason=f"asked for {STEM} twice")
    return Actor(person=person, grants=frozenset({Grant(RoleName.LEARNER, pair.site)}))


def at_the_door() -> None:
    """Sign in as staff by the page, right and wrong: nothing of it may end in a log."""
    with override_settings(ROOT_URLCONF="passport.roles.hub"):
        for name, password in ((f"{STEM}-teacher", PASSWORD), (STEM, STEM), (ARABIC, "x")):
            Client().post("/sign-in/password", {"username": name, "password": password})
        Client().get(f"/courses?q={STEM}")


def test_the_disk_of_a_locked_hub_names_nobody_and_tells_no_text(planted: Planted) -> None:
    files = planted.disk()
    names = {path.name for path in files}
    assert {"passport.sqlite3", "passport.sqlite3-wal", "node.key", "0.parcel"} <= names
    assert sum(map(len, files.values())) > 1_000_000
    assert len(planted.codes) == PEOPLE + 1
    assert found(files, STEM, ARABIC, "example.org") == []
    assert codes_found(files, [*planted.codes, planted.unlocking]) == []
    assert codes_found(files, [f"+23324{number:07}" for number in range(0, PEOPLE, 3)]) == []


@pytest.fixture
def copy(planted: Planted, tmp_path: Path) -> Iterator[Node]:
    """Give a test a copy of the hub's disk, in a machine that has just started."""
    shutil.copytree(planted.hub.folder, tmp_path / "copy")
    made = Node(tmp_path / "copy", "Thief", is_country=False, is_copy=True)
    yield made
    made.close()


def names_in(copy: Node, planted: Planted) -> str:
    with copy:
        return " ".join(names_of(MACHINE, planted.people).values())


def test_the_search_would_find_each_of_them_if_it_leaked(planted: Planted, copy: Node) -> None:
    with copy:
        Site.objects.update(name=f"School of {STEM.upper()}")
        entry = Entry.objects.order_by("-pk").first()
        assert entry is not None
        leaked = b64encode(f"12{ARABIC}".encode()) + planted.codes[7].encode()
        Entry.objects.filter(pk=entry.pk).update(body=leaked)
    said = found(dump(copy.folder), STEM, ARABIC)
    assert codes_found(dump(copy.folder), planted.codes) == [planted.codes[7]]
    assert {one.split(" in ")[0] for one in said} == {STEM, ARABIC}


def test_whoever_starts_a_copy_of_the_locked_disk_gets_no_name(
    planted: Planted, copy: Node
) -> None:
    with copy:
        with pytest.raises(Locked):
            names_of(MACHINE, planted.people)
        with pytest.raises(WrongSignIn):
            people.unlock(secret="guess")


def test_whoever_knows_a_staff_password_opens_the_copy_too(planted: Planted, copy: Node) -> None:
    """The lock is as good as the passwords: `docs/at-rest.md` says so."""
    with copy:
        people.unlock(secret=PASSWORD)
    assert STEM in names_in(copy, planted)


def test_a_copy_of_an_open_disk_names_everybody(planted: Planted, copy: Node) -> None:
    """Without a lock the key lies beside the data: `docs/at-rest.md` says so."""
    with copy:
        people.unlock(secret=planted.unlocking)
        node.leave_unlocked(by=MACHINE)
        restart()
    assert found(dump(copy.folder), STEM) == []
    assert STEM in names_in(copy, planted)


def test_the_countrys_database_without_its_keys_names_nobody(
    planted: Planted, tmp_path: Path
) -> None:
    shutil.copytree(
        planted.country.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("keys")
    )
    files = dump(tmp_path / "copy")
    assert "passport.sqlite3" in {path.name for path in files}
    assert found(files, STEM, ARABIC, "example.org") == []
    assert codes_found(files, planted.codes) == []
    copy = Node(tmp_path / "copy", "Insider", is_country=True, is_copy=True, has_key=False)
    with copy, pytest.raises(KeyMissing):
        names_of(MACHINE, planted.people)
    copy.close()


def test_a_lost_stick_names_nobody(planted: Planted) -> None:
    files = {Path(f"{at}.parcel"): content for at, content in enumerate(planted.stick)}
    assert sum(map(len, planted.stick)) > 10_000
    assert found(files, STEM, ARABIC, "example.org") == []
    assert codes_found(files, planted.codes) == []


def test_nothing_that_was_typed_at_the_door_is_logged(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="passport")
    with pair.hub:
        at_the_door()
    assert STEM not in caplog.text
