"""`make demo`: a country and a hub on this machine, with people and courses, until Ctrl-C.

Everything that it makes is in `var/`; a second run goes on where the first one was, `--fresh` starts over.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import segno

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
COUNTRY, HUB = VAR / "country", VAR / "hub"
COUNTRY_PORT = int(os.environ.get("DEMO_COUNTRY_PORT", "8510"))
HUB_PORT = int(os.environ.get("DEMO_HUB_PORT", "8511"))
HUB_SITE = "mango-school"
MEGABYTES_NEEDED = 500
WORDS = [
    "amber",
    "apple",
    "basket",
    "bridge",
    "candle",
    "cloud",
    "copper",
    "garden",
    "harbour",
    "island",
    "lantern",
    "maple",
]


class DemoError(Exception):
    """Why the demo can't go on, in one sentence."""


def main() -> int:
    for ending in (signal.SIGINT, signal.SIGTERM):  # also where a shell had them ignored
        signal.signal(ending, signal.default_int_handler)
    try:
        run(fresh="--fresh" in sys.argv)
    except DemoError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    except OSError as problem:
        print(f"{problem.filename or 'The disk'}: {problem.strerror}.", file=sys.stderr)
        return 1
    return 0


def run(*, fresh: bool) -> None:
    check_machine()
    if fresh and VAR.exists():
        shutil.rmtree(VAR)
    cards = json.loads((VAR / "cards.json").read_text()) if (VAR / "ready").exists() else set_up()
    servers = [serve(COUNTRY), serve(HUB)]
    try:
        wait_for(COUNTRY_PORT, servers[0])
        wait_for(HUB_PORT, servers[1])
        greet(cards)
        while all(server.poll() is None for server in servers):
            time.sleep(0.5)
        raise DemoError("A server stopped by itself; `make demo FRESH=1` starts over.")
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
        for server in servers:
            server.wait(timeout=20)


# Before anything is started


def check_machine() -> None:
    for port in (COUNTRY_PORT, HUB_PORT):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                raise DemoError(
                    f"Port {port} is in use. Stop what uses it, or set DEMO_COUNTRY_PORT and DEMO_HUB_PORT."
                ) from None
    VAR.mkdir(exist_ok=True)
    if shutil.disk_usage(VAR).free < MEGABYTES_NEEDED * 1_000_000:
        raise DemoError(f"The disk is full: the demo needs {MEGABYTES_NEEDED} MB in {VAR}.")


# The first run


def set_up() -> list[dict[str, str]]:
    """Do by command what a country office and a new hub would do, in the same order."""
    shutil.rmtree(VAR, ignore_errors=True)
    VAR.mkdir()
    step("Making the country")
    passport(COUNTRY, "init", "--role", "country", "--name", "Demo Country",
             "--listen", f"127.0.0.1:{COUNTRY_PORT}")  # fmt: skip
    step("Publishing the demo library")
    courses = sorted(path.parent for path in (ROOT / "demo" / "library").glob("*/course.toml"))
    passport(COUNTRY, "course", "publish", *map(str, courses))
    step("Registering the cast")
    make_passwords()
    register(COUNTRY, "country")
    step("Enrolling the hub, and carrying two parcels")
    passport(COUNTRY, "hub", "enrol", "Mango hub", "--site", HUB_SITE,
             "--out", str(VAR / "mango-hub.enrolment"))  # fmt: skip
    passport(HUB, "init", "--role", "hub", "--name", "Mango School", "--listen", f"127.0.0.1:{HUB_PORT}",
             "--enrolment", str(VAR / "mango-hub.enrolment"))  # fmt: skip
    settings = HUB / "passport.toml"
    # By network once an hour only, so that there is something left to carry by hand.
    settings.write_text(settings.read_text() + "sync_seconds = 3600\n")
    stick = VAR / "stick"
    passport(HUB, "parcel", "make", str(stick / "up"))
    passport(COUNTRY, "parcel", "take", str(stick / "up"), "--answer", str(stick / "down"))
    passport(HUB, "parcel", "take", str(stick / "down"))
    cards = register(HUB, "hub")
    (VAR / "cards.json").write_text(json.dumps(cards, ensure_ascii=False))
    (VAR / "ready").touch()
    return cards


def step(said: str) -> None:
    print(f"{said} …", flush=True)


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PASSPORT_HOME": str(home), "PYTHONPATH": str(ROOT)}


def passport(home: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "passport", *words],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise DemoError(said[-1] if said else f"`passport {words[0]}` failed.")


def make_passwords() -> None:
    cast = tomllib.loads((ROOT / "demo" / "cast.toml").read_text())
    words = secrets.SystemRandom()
    made = {one["username"]: "-".join(words.sample(WORDS, 3)) for one in cast["staff"]}
    path = VAR / "passwords.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(made))


def register(home: Path, where: str) -> list[dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "demo.cast", where, str(VAR / "passwords.json")],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DemoError(f"The cast could not be registered: {done.stderr.strip().splitlines()[-1]}")
    cards: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return cards


# Running


def serve(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "passport", "serve"], env=environment(home), start_new_session=True
    )


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise DemoError("The server could not start; its own words stand above.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise DemoError(f"Nothing answers on port {port}.")


def greet(cards: list[dict[str, str]]) -> None:
    passwords: dict[str, Any] = json.loads((VAR / "passwords.json").read_text())
    hub, country = f"http://127.0.0.1:{HUB_PORT}", f"http://127.0.0.1:{COUNTRY_PORT}"
    first = cards[0]
    link = f"{hub}/c/{first['code'].replace(' ', '')}"
    print(f"\n  {hub:<24} the hub at Mango School\n  {country:<24} the country's office\n")
    segno.make(link, error="m").terminal(compact=True)
    print(f"  {first['name']}'s card: {link}  ({first['pictures']})")
    for card in cards[1:]:
        print(f"  {card['code']}  {card['name']}  ({card['pictures']})")
    print("\n  Staff: " + " · ".join(f"{name} {word}" for name, word in passwords.items()))
    print(
        f"""
1. Open {link} and do a lesson of "Counting to twenty".
2. At {hub}/sign-in tap a picture, as a child who can't read does, then the three that stand in brackets above.
3. At {hub}/sign-in/password sign in as grace: watch the class, add a learner, print the cards.
4. Press "Carry to the country" there, and hand the file in at {country}/office/parcels as admin.
5. Pull the plug: stop this with Ctrl-C, run `make demo` again, and see that every answer is there.
""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
