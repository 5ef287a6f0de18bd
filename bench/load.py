"""A load generator for one core: keep-alive connections over asyncio, as little Python as possible.

`closed` keeps every connection busy; `paced` sends at a fixed rate and counts the time from the moment
at which a request was due, so that a stall counts for all that it delays.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
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


class _Run:
    """One run of the load: what is under way, and what came of it."""

    def __init__(self, seconds: float, make: Make, rate: float) -> None:
        self.result = Result(seconds)
        self.make = make
        self.rate = rate
        """Requests a second; 0: as many as are answered."""
        self.idle: list[_Connection] = []
        self.overdue: deque[float] = deque()
        """When those were due that find every connection busy."""
        self.start = self.deadline = 0.0
        self.over = asyncio.Event()

    async def over_connections(self, host: str, port: int, count: int) -> Result:
        loop = asyncio.get_running_loop()
        made = [
            (await loop.create_connection(lambda: _Connection(self.done), host, port))[1]
            for _ in range(count)
        ]
        self.start = time.perf_counter()
        self.deadline = self.start + self.result.seconds
        if self.rate:
            self.idle.extend(made)
            await self.pace()
        else:
            for connection in made:
                connection.send(self.make(), time.perf_counter())
            await self.over.wait()
            self.result.seconds = time.perf_counter() - self.start
        for connection in made:
            if connection.transport is not None:
                connection.transport.abort()
        return self.result

    def done(self, connection: _Connection, answer: bytes) -> None:
        now = time.perf_counter()
        self.result.latencies.append(now - connection.due)
        if not answer.startswith(b"HTTP/1.1 200"):
            self.result.failures += 1
            self.result.first_failure = self.result.first_failure or answer
        if now >= self.deadline:
            self.over.set()
        elif not self.rate:
            connection.send(self.make(), now)
        elif self.overdue:
            connection.send(self.make(), self.overdue.popleft())
        else:
            self.idle.append(connection)

    async def pace(self) -> None:
        sent = 0
        while (now := time.perf_counter()) < self.deadline:
            while sent < (now - self.start) * self.rate:
                due = self.start + sent / self.rate
                sent += 1
                if self.idle:
                    self.idle.pop().send(self.make(), due)
                else:
                    self.overdue.append(due)
            await asyncio.sleep(0.001)
        await asyncio.sleep(1)
        self.result.latencies.extend(time.perf_counter() - due for due in self.overdue)


def closed(host: str, port: int, connections: int, *, seconds: float, make: Make) -> Result:
    """Run with every connection busy all the time."""

    async def run() -> Result:
        return await _Run(seconds, make, 0).over_connections(host, port, connections)

    return asyncio.run(run())


def paced(
    host: str, port: int, connections: int, *, seconds: float, make: Make, rate: float
) -> Result:
    """Run at `rate` requests a second."""

    async def run() -> Result:
        return await _Run(seconds, make, rate).over_connections(host, port, connections)

    return asyncio.run(run())
