"""The country's key is lost, and comes back: from trustees, or from paper (T-keys)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from passport.cli.share_pages import page_of, share_in
from passport.kernel.actor import Actor
from passport.kernel.encoding import canonical, read
from passport.kernel.errors import NotAllowed, PassportError
from passport.node import actions as node
from passport.node.engine import keyring as rings
from passport.node.engine.keyring import keyring
from passport.node.engine.trustees import Backup, read_backup
from passport.node.errors import NotRecovered
from tests.support.restart import make_keys_cheap
from tests.world import World

BY = Actor.machine()


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys_cheap(monkeypatch)


def lose_key() -> None:
    settings.KEY_FILE.unlink()
    rings.forget()


@pytest.fixture
def split(node: None) -> tuple[bytes, list[str]]:
    made = node_split()
    lose_key()
    return made


def node_split(shares: int = 5, needed: int = 3) -> tuple[bytes, list[str]]:
    return node.split_key(by=BY, shares=shares, needed=needed)


@pytest.mark.parametrize("chosen", [(0, 1, 2), (4, 2, 0), (1, 3, 4), (0, 1, 2, 3, 4)])
def test_any_three_of_five_shares_put_the_key_back(node: None, chosen: tuple[int, ...]) -> None:
    before = keyring().file
    file, words = node_split()
    lose_key()
    name = _recover(file, [words[at] for at in chosen])
    assert name == "Test country"
    rings.forget()
    assert keyring().file == before
    assert settings.KEY_FILE.stat().st_mode & 0o777 == 0o600


def _recover(file: bytes, given: list[str]) -> str:
    return node.recover_key(by=BY, file=file, given=given)


def refused(file: bytes, given: list[str]) -> str:
    with pytest.raises(NotRecovered) as refusal:
        _recover(file, given)
    assert not settings.KEY_FILE.exists()
    return str(refusal.value)


def test_two_shares_give_nothing(split: tuple[bytes, list[str]]) -> None:
    file, words = split
    assert refused(file, words[:2]) == "3 different shares are needed, and 2 were given."


def test_one_share_given_three_times_is_one_share(split: tuple[bytes, list[str]]) -> None:
    file, words = split
    assert refused(file, [words[0]] * 3) == "3 different shares are needed, and 1 were given."


def test_a_mistyped_word_is_named(split: tuple[bytes, list[str]]) -> None:
    file, words = split
    wrong = words[1].split()
    wrong[20] = "helo"
    said = refused(file, [words[0], " ".join(wrong), words[2]])
    assert "“helo”" in said
    assert " ".join(wrong[:3]) in said


def test_an_exchanged_word_is_noticed_in_the_share_where_it_is(
    split: tuple[bytes, list[str]],
) -> None:
    file, words = split
    wrong = words[1].split()
    wrong[20], wrong[21] = wrong[21], wrong[20]
    said = refused(file, [words[0], " ".join(wrong), words[2]])
    assert " ".join(wrong[:3]) in said


def test_shares_of_two_splits_are_told_apart(node: None) -> None:
    file, words = node_split()
    _, others = node_split()
    lose_key()
    assert refused(file, [*words[:2], others[2]]) == "These shares don't belong together."
    assert "may belong to another one" in refused(file, others[:3])


def test_shares_without_their_file_and_a_file_without_its_shares_say_nothing(node: None) -> None:
    """The words are no part of the key: they are drawn for this backup alone."""
    content = canonical(keyring().file)
    file, words = node_split()
    for secret in (keyring().file.seed, keyring().file.box, keyring().file.index):
        assert canonical(secret)[1:-1] in content
        assert canonical(secret)[1:-1] not in file
        assert secret not in file
    first = {tuple(share.split()[:2]) for share in words}
    assert len(first) == 1  # what SLIP-39 calls the identifier, and the same in every share


@pytest.mark.parametrize(("shares", "needed"), [(5, 1), (3, 4), (17, 3), (0, 0), (1, 1)])
def test_a_split_that_protects_nothing_or_cannot_be_joined_is_refused(
    node: None, shares: int, needed: int
) -> None:
    with pytest.raises(NotRecovered):
        node_split(shares, needed)


def test_a_printed_code_opens_an_offline_copy(node: None) -> None:
    before = keyring().file
    file, code = node_backup()
    lose_key()
    assert "28 characters" in refused(file, ["no code at all"])
    assert "may belong to another one" in refused(file, ["0" * 28])
    _recover(file, [code.lower()])
    assert keyring().file == before


def node_backup() -> tuple[bytes, str]:
    return node.back_up_key(by=BY)


def test_a_key_that_is_here_is_never_written_over(node: None) -> None:
    file, words = node_split()
    with pytest.raises(NotRecovered, match="already"):
        _recover(file, words[:3])


def test_a_backup_is_not_put_beside_the_database_of_another_node(node: None) -> None:
    from passport.node.models import Identity

    file, words = node_split()
    Identity.objects.update(key=bytes(32))
    lose_key()
    assert refused(file, words[:3]) == "The database here belongs to another node than this backup."


def test_only_a_command_on_the_machine_itself_gives_the_key_away(world: World) -> None:
    for give in (node.back_up_key,):
        with pytest.raises(NotAllowed):
            give(by=world.administrator.actor)
    with pytest.raises(NotAllowed):
        node.split_key(by=world.administrator.actor, shares=5, needed=3)


def test_the_words_on_a_trustees_page_read_back_as_they_were(node: None) -> None:
    _, words = node_split()
    page = page_of(words[0], number=1, shares=5, needed=3, name="Togo", file="togo.key")
    assert share_in(page) == words[0]
    assert share_in(words[0].upper()) == words[0].upper()
    assert "share 1 of 5" in page
    assert max(map(len, page.splitlines())) < 110  # it prints on a sheet


@any_of(st.binary(max_size=2_000))
def test_any_bytes_are_a_backup_or_a_sentence(content: bytes) -> None:
    with suppress(PassportError):
        read_backup(content)


@pytest.mark.parametrize("memory_kb", [0, 2**30])
def test_a_backup_from_outside_asks_for_no_endless_work(node: None, memory_kb: int) -> None:
    backup = read(node_backup()[0], Backup)
    backup.memory_kb = memory_kb
    lose_key()
    assert refused(canonical(backup), ["0" * 28]) == "This file is not a backup of a key."


def test_the_shares_are_those_of_the_published_standard() -> None:
    """A vector of SLIP-39 itself: other programs can join the words too, should ours be gone."""
    from shamir_mnemonic import combine_mnemonics

    words = (
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece"
        " deal husband erode duke ajar critical decision keyboard"
    )
    assert combine_mnemonics([words], b"TREZOR").hex() == "bb54aac4b89dc868ba37d9cc21b2cece"


def test_a_folder_without_a_node_takes_the_key_back(tmp_path: Path, settings: object) -> None:
    """The commands, as somebody types them on an empty machine."""
    from tests.journeys import nodes

    lost, found = tmp_path / "lost", tmp_path / "found"
    nodes.run(lost, "passport", "init", "--name", "Demo Country")
    stick = tmp_path / "stick"
    stick.mkdir()
    nodes.run(lost, "passport", "key", "split", str(stick / "demo.key"))
    pages = sorted(stick.glob("share-*.txt"))
    assert len(pages) == 5
    nodes.run(found, "passport", "key", "recover", str(stick / "demo.key"), *map(str, pages[:3]))
    assert (found / "keys/node.key").read_bytes() == (lost / "keys/node.key").read_bytes()
