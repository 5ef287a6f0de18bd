"""`passport doctor`, `backup` and `restore`: sentences for people, an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from passport.care import actions as care
from passport.care.errors import StopFirst
from passport.cli.answer import Exit
from passport.cli.main import run
from tests.sync.conftest import Pair, first_pair, pair  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def a_folder_without_a_node(settings: Any, tmp_path: Path) -> None:
    """Whatever else was run in this process: here is no key file, and nothing to ask a database."""
    settings.KEY_FILE = tmp_path / "keys" / "node.key"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = run(words)
    shown = capsys.readouterr()
    return code, shown.out + shown.err


@pytest.mark.parametrize(
    ("found", "code", "line"),
    [
        ([(True, "All is well.")], Exit.DONE, "  ok   All is well."),
        ([(True, "All is well."), (False, "This isn't.")], Exit.IN_PART, " HELP  This isn't."),
    ],
)
def test_the_doctors_exit_code_tells_whether_something_needs_doing(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, found: Any, code: int, line: str
) -> None:
    asked: dict[str, Any] = {}

    def examine(**given: Any) -> list[care.Finding]:
        asked.update(given)
        given["telling"]("Looking at the journal", 1, 2)
        return [care.Finding(is_well, words, {}) for is_well, words in found]

    monkeypatch.setattr(care, "examine", examine)
    assert said(capsys, "doctor", "--mend", "--full")[0] == code
    assert (asked["mend"], asked["fully"]) == (True, True)
    assert line in said(capsys, "doctor")[1]
    assert json.loads(said(capsys, "--json", "doctor")[1])[-1]["said"] == found[-1][1]


def test_a_refusal_is_a_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def refuse(**given: Any) -> None:
        raise StopFirst("The server is running. Please stop it first, then try again.")

    monkeypatch.setattr(care, "restore", refuse)
    code, words = said(capsys, "restore", "stick")
    assert (code, words.strip()) == (
        Exit.REFUSED,
        "The server is running. Please stop it first, then try again.",
    )


def test_a_backup_and_its_restore_say_what_they_did_and_how_long_it_took(
    pair: Pair,  # noqa: F811
    tmp_path: Path,
    capsys: Any,
) -> None:
    with pair.hub:
        code, words = said(capsys, "backup", str(tmp_path))
        assert code == Exit.DONE
        assert "entries and" in words
        assert "keep a copy of keys/" in words
        assert said(capsys, "restore", str(tmp_path))[0] == Exit.REFUSED
        code, words = said(capsys, "restore", str(tmp_path), "--replace")
        assert code == Exit.DONE
        assert "is back:" in words
        assert "seconds" in words


@pytest.mark.parametrize(("word", "action"), [("backup", "back_up"), ("restore", "restore")])
def test_ctrl_c_is_answered_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, word: str, action: str
) -> None:
    def stop(**given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(care, action, stop)
    code, words = said(capsys, word, "stick")
    assert code == Exit.REFUSED
    assert words.startswith("Stopped.")
