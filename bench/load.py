"""A load generator for one core: keep-alive connections over asyncio, as little Python as possible.

`closed` keeps every connection busy; `paced` sends at a fixed rate and counts the time from the moment
at which a request was due, so that a stall counts for all that it delays.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

type Hear = Callable[[bytes], None] | None
"""What wants to know of the answer."""
type Make = Callable[[], tuple[bytes, Hear]]
"""Gives the next request."""


@dataclass
class Result:
    """What a run came to."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    """In seconds."""
    failures: int = 0
    first_failure: bytes = b""

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One connection; `done` is called with the whole answer."""

    def __init__(self, done: Callable[[_Connection, bytes], None]) -> None:
        self.done = done
        self.buffer = b""
        self.due = 0.0
        self.hear: Hear = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: tuple[bytes, Hear], due: float) -> None:
        assert self.transport is not None
        self.due = due
        content, self.hear = request
        self.transport.write(content)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        lower = self.buffer[:head].lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.buffer) >= head + 4 + length:
            answer, self.buffer = self.buffer, b""
            if self.hear is not None:
                self.hear(answer)
            self.done(self, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc


async def _run(
    host: str, port: int, connections: int, seconds: float, make: Make, rate: float
) -> Result:
    loop = asyncio.get_running_loop()
    result = Result(seconds)
    end = loop.create_future()
    idle: list[_Connection] = []
    backlog: list[float] = []

    def done(connection: _Connection, answer: bytes) -> None:
        now = time.perf_counter()
        result.latencies.append(now - connection.due)
        if not answer.startswith(b"HTTP/1.1 200"):
            result.failures += 1
            result.first_failure = result.first_failure or answer
        if now >= deadline:
            if not end.done():
                end.set_result(None)
        elif rate == 0:
            connection.send(make(), now)
        elif backlog:
            connection.send(make(), backlog.pop(0))
        else:
            idle.append(connection)

    made = [
        (await loop.create_connection(lambda: _Connection(done), host, port))[1]
        for _ in range(connections)
    ]
    start = time.perf_counter()
    deadline = start + seconds
    if rate == 0:
        for connection in made:
            connection.send(make(), time.perf_counter())
        await end
    else:
        idle.extend(made)
        sent = 0
        while (now := time.perf_counter()) < deadline:
            while sent < (now - start) * rate:
                due = start + sent / rate
                sent += 1
                if idle:
                    idle.pop().send(make(), due)
                else:
                    backlog.append(due)
            await asyncio.sleep(0.001)
        await asyncio.sleep(1)
        result.latencies.extend(time.perf_counter() - due for due in backlog)
    result.seconds = time.perf_counter() - start if rate == 0 else seconds
    for connection in made:
        if connection.transport is not None:
            connection.transport.abort()
    return result


def closed(host: str, port: int, connections: int, seconds: float, make: Make) -> Result:
    """Run with every connection busy all the time."""
    return asyncio.run(_run(host, port, connections, seconds, make, 0))


def paced(
    host: str, port: int, connections: int, seconds: float, make: Make, rate: float
) -> Result:
    """Run at `rate` requests a second."""
    return asyncio.run(_run(host, port, connections, seconds, make, rate))
