"""The pages that a class opens most: home, and a course of sixty lessons with progress.

    python -m bench.pages [--seconds 10] [--learners 40]

Signed-in learners with progress in half of the lessons ask for both in turn, compressed, on 16
connections that are never idle. Beside the rate: CPU milliseconds of the server for a page, and the rate
of an empty view of Django in the same server (as `bench.answers` has it), measured before and after.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
from pathlib import Path

from bench import load
from bench.answers import server
from bench.ground import HEAD, Figure, School, Tablet, answers, arguments, school, serving, show

A_SECOND = 250
CONNECTIONS = 16


async def begin(at: School, port: int) -> list[str]:
    """Sign everybody in and let them learn; returns their cookies."""
    cookies = []
    for pupil in at.pupils:
        tablet = Tablet(port)
        await tablet.sign_in_with_card(pupil)
        events = list(itertools.islice(answers(at), 11 * len(at.quizzes) // 2))
        for lesson in at.articles[: len(at.articles) // 2]:
            events.append({**events[0], **_read(lesson.hex, len(events))})
        for start in range(0, len(events), 50):
            sent = await tablet.send_events(events[start : start + 50])
            assert sent.status == 200, sent.text
            assert not json.loads(sent.body)["refused"], sent.text
        await tablet.get("/")
        cookies.append(tablet.cookie)
        tablet.close()
    return cookies


def _read(lesson: str, number: int) -> dict[str, object]:
    from uuid import uuid4

    return {
        "id": uuid4().hex,
        "verb": "viewed",
        "lesson": lesson,
        "data": {"page": number % 2 + 1, "of": 2},
    }


def requests(cookies: list[str], paths: list[str]) -> load.Make:
    """Give each learner a turn, and each of the pages."""
    turns = itertools.cycle(
        [
            f"GET {path} HTTP/1.1\r\n{HEAD}Cookie: session={cookie}\r\n\r\n".encode()
            for cookie in cookies
            for path in paths
        ]
    )
    return lambda: (next(turns), None)


def main() -> int:
    """Ask, count."""
    asked = arguments(__doc__)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--learners", type=int, default=40)
    given = asked.parse_args()
    nothing = b"GET /empty HTTP/1.1\r\nHost: bench\r\n\r\n"
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        at = school(Path(folder) / "hub", pupils=given.learners)
        paths = ["/", f"/courses/{at.course}"]

        def empty() -> float:
            with server() as (port, _pid):
                here = "127.0.0.1", port
                load.closed(*here, CONNECTIONS, seconds=1, make=lambda: (nothing, None))
                return load.closed(*here, CONNECTIONS, seconds=3, make=lambda: (nothing, None)).rate

        before = empty()
        each: dict[str, tuple[load.Result, float]] = {}
        with serving(at) as served:
            cookies = asyncio.run(begin(at, served.port))
            here = "127.0.0.1", served.port
            load.closed(*here, CONNECTIONS, seconds=2, make=requests(cookies, paths))
            for name, some in (("both", paths), ("home", paths[:1]), ("course", paths[1:])):
                cpu = served.cpu()
                result = load.closed(
                    *here, CONNECTIONS, seconds=given.seconds, make=requests(cookies, some)
                )
                each[name] = result, 1000 * (served.cpu() - cpu) / len(result.latencies)
                assert not result.failures, result.first_failure[:400]
        after = empty()
    both, cpu = each["both"]
    views = (before + after) / 2
    return show(
        [
            Figure(
                "home and course page, together", both.rate, "a second", A_SECOND, at_most=False
            ),
            Figure("the server's CPU a page", cpu, "ms"),
            Figure("  home", each["home"][1], "ms"),
            Figure("  course of 60 lessons", each["course"][1], "ms"),
            Figure("p95 with 16 connections never idle", both.percentile(0.95) * 1000, "ms"),
            Figure("empty view", views, "a second"),
            Figure("pages for 100 empty views", 100 * both.rate / views),
        ],
        as_json=given.json,
    )


if __name__ == "__main__":
    sys.exit(main())
