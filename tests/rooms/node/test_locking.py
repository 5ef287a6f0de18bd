"""A node that starts locked: no secret on its disk, and none in memory before it is unlocked (T1)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from passport.kernel.actor import Actor
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import NotAllowed, PassportError
from passport.node import actions as node
from passport.node import queries
from passport.node.engine import keyfile
from passport.node.engine.keyfile import KeyFile, SealedFile
from passport.node.engine.keyring import keyring
from passport.node.errors import Locked, LockRefused
from passport.node.models import Identity
from passport.people import actions as people
from passport.people.errors import TooSoon, WrongSignIn
from passport.people.queries import names_of
from tests.support.restart import make_keys_cheap, restart
from tests.world import PASSWORD, World

BY = Actor.machine()
REAL_COST = keyfile.MEMORY_KB, keyfile.PASSES


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys_cheap(monkeypatch)


def on_disk() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(settings.KEY_FILE.parent.iterdir()))


def secrets_of(content: KeyFile) -> list[bytes]:
    """Every secret, in the form in which the open file holds it."""
    members = (content.seed, content.box, content.index)
    return [*(canonical(member)[1:-1] for member in members), content.identity.encode()]


def staff_slots() -> list[str]:
    return [slot.holder for slot in queries.lock_slots() or () if slot.holder]


def test_locking_leaves_no_secret_on_the_disk(world: World) -> None:
    content = keyring().file
    assert all(secret in on_disk() for secret in secrets_of(content))
    node.lock(by=BY)
    assert not any(secret in on_disk() for secret in secrets_of(content))
    assert not list(settings.KEY_FILE.parent.glob("node.key.*"))
    assert settings.KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_the_open_file_is_written_over_before_it_is_let_go(world: World, tmp_path: Path) -> None:
    secret = secrets_of(keyring().file)[0]
    os.link(settings.KEY_FILE, tmp_path / "the same blocks")
    assert secret in (tmp_path / "the same blocks").read_bytes()
    node.lock(by=BY)
    assert secret not in (tmp_path / "the same blocks").read_bytes()


def test_after_a_start_the_node_has_no_secrets_until_the_code_is_typed(world: World) -> None:
    code = node.lock(by=BY)
    names = names_of(world.facilitator.actor, [world.amina.person])
    restart()
    assert queries.is_locked()
    with pytest.raises(Locked):
        keyring()
    with pytest.raises(Locked):
        world.facilitator.sign_in()
    people.unlock(secret=code.lower().replace(" ", "-"))
    assert not queries.is_locked()
    assert names_of(world.facilitator.actor, [world.amina.person]) == names


def test_the_public_parts_can_be_read_while_locked(world: World) -> None:
    before = queries.introduction()
    node.lock(by=BY)
    restart()
    assert queries.introduction() == before


def test_staff_unlock_with_the_password_that_they_last_signed_in_with(world: World) -> None:
    code = node.lock(by=BY)
    restart_fails(PASSWORD)
    people.unlock(secret=code)
    world.facilitator.sign_in()
    assert staff_slots() == [world.facilitator.person.hex]
    restart()
    people.unlock(secret=PASSWORD)
    assert not queries.is_locked()


def restart_fails(secret: str) -> None:
    restart()
    with pytest.raises(WrongSignIn):
        people.unlock(secret=secret)


def test_learners_never_unlock_a_node(world: World) -> None:
    node.lock(by=BY)
    people.set_password(by=BY, person=world.amina.person, username="amina", password="mangoes")
    people.sign_in_with_password(name="amina", password="mangoes")
    assert staff_slots() == []
    restart_fails("mangoes")


def test_a_changed_password_unlocks_in_the_place_of_the_former_one(world: World) -> None:
    node.lock(by=BY)
    by = world.facilitator.actor
    people.change_own_password(by=by, present=PASSWORD, password="brand new horse")
    assert len(staff_slots()) == 1
    restart_fails(PASSWORD)
    people.unlock(secret="brand new horse")


def test_a_password_that_was_changed_elsewhere_unlocks_no_more(world: World) -> None:
    code = node.lock(by=BY)
    world.facilitator.sign_in()
    change_elsewhere(world)
    assert people.drop_stale_locks(by=BY) == 1
    restart_fails(PASSWORD)
    people.unlock(secret=code)


def change_elsewhere(world: World) -> None:
    """Let a new hash arrive, of a password that was never typed here."""
    from passport.node.models import Stream
    from passport.people.engine.passwords import hashed
    from passport.people.engine.registering import login, note_and_project
    from passport.people.facts import PrivateLogin

    stream = Stream.of_person(world.facilitator.person)
    note_and_project(BY, [login(stream, PrivateLogin(password=hashed("elsewhere 77")))])


def test_whose_role_has_ended_unlocks_no_more(world: World) -> None:
    node.lock(by=BY)
    world.facilitator.sign_in()
    grant = world.facilitator.row.grants.get()
    people.end_role(by=world.administrator.actor, grant=grant.pk)
    assert world.facilitator.person.hex not in staff_slots()


def test_a_role_that_ended_while_the_node_was_off_counts_when_it_is_unlocked(world: World) -> None:
    from passport.people.models import RoleEnd

    node.lock(by=BY)
    world.facilitator.sign_in()
    grant = world.facilitator.row.grants.get()
    RoleEnd.objects.create(grant_id=grant.pk, at=grant.granted_at)
    restart_fails(PASSWORD)


def test_guesses_wait_longer_and_longer(world: World) -> None:
    node.lock(by=BY)
    restart()
    for _ in range(3):
        with pytest.raises(WrongSignIn):
            people.unlock(secret="guess", client="10.0.0.7")
    with pytest.raises(TooSoon):
        people.unlock(secret="guess", client="10.0.0.7")


def test_a_new_code_replaces_the_one_before(world: World) -> None:
    first = node.lock(by=BY)
    second = node.renew_lock_code(by=BY)
    restart_fails(first)
    people.unlock(secret=second)


def test_a_node_that_is_left_unlocked_again_starts_by_itself(world: World) -> None:
    content = keyring().file
    node.lock(by=BY)
    node.leave_unlocked(by=BY)
    restart()
    assert keyring().file == content


def test_locking_makes_no_new_machine_of_it(world: World) -> None:
    """Exchanging the file moves it on the disk, which is how a copied disk is told."""
    before = Identity.objects.get().incarnation
    node.lock(by=BY)
    world.facilitator.sign_in()
    assert node.start(by=BY) is False
    assert Identity.objects.get().incarnation == before


def test_a_power_cut_while_the_file_is_exchanged_leaves_it_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = keyring().file

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as cutting:
        cutting.setattr(Path, "replace", cut)
        with pytest.raises(PowerCut):
            node.lock(by=BY)
    restart()
    assert keyring().file == content
    node.start(by=BY)
    assert not list(settings.KEY_FILE.parent.glob("node.key.*"))


class PowerCut(Exception):
    pass


def test_a_copied_disk_is_guessed_at_more_slowly_than_the_door(world: World) -> None:
    assert REAL_COST[0] > 3 * 19 * 1024
    assert REAL_COST[1] > 2


def test_several_serving_processes_and_a_lock_refuse_each_other(
    world: World, settings: Any
) -> None:
    settings.WORKERS = 2
    with pytest.raises(LockRefused):
        node.lock(by=BY)
    settings.WORKERS = 1
    node.lock(by=BY)
    restart()
    settings.WORKERS = 2
    from passport.roles.serving import _say_if_locked

    with pytest.raises(SystemExit):
        _say_if_locked()


def test_only_a_command_on_the_machine_itself_locks(world: World) -> None:
    with pytest.raises(NotAllowed):
        node.lock(by=world.administrator.actor)


def test_a_file_whose_clear_part_was_exchanged_opens_nothing(world: World) -> None:
    """Else a node could be made to call itself by another's name."""
    code = node.lock(by=BY)
    file = read(settings.KEY_FILE.read_bytes(), SealedFile)
    moved = SealedFile(bytes(32), file.recipient, file.sealed, file.slots)
    settings.KEY_FILE.write_bytes(canonical(moved))
    restart()
    with pytest.raises(PassportError):
        people.unlock(secret=code)
