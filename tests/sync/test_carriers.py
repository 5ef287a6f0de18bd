"""A hub that believes it is 1970, or 2080, still reaches its country over HTTPS (C28).

`certificates/` holds one that held in 2001 and one that will hold in 2090, each for 127.0.0.1 and
signed by itself, with its key: made for this test, and worth nothing elsewhere.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from passport.sync.engine.carriers import post
from passport.sync.errors import OutOfReach

CERTIFICATES = Path(__file__).parent / "certificates"


class Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture
def country() -> Iterator[Callable[[Path], str]]:
    """Serve over HTTPS with a certificate; returns the address."""
    servers: list[HTTPServer] = []

    def serve(certificate: Path) -> str:
        server = HTTPServer(("127.0.0.1", 0), Echo)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", ["past", "future"])
def test_a_certificate_holds_whatever_the_clock_says(
    country: Callable[[Path], str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = CERTIFICATES / f"{name}.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert post(country(certificate), b"parcel") == b"parcel"


def test_a_certificate_of_somebody_else_is_refused_all_the_same(
    country: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "past.pem"))
    with pytest.raises(OutOfReach):
        post(country(CERTIFICATES / "future.pem"), b"parcel")
