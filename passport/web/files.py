"""Static files and media, served around Django: no session, no database, ranges for players.

Both kinds never change under one name (hashed names, content by SHA-256), so browsers keep them.
WhiteNoise does the work; it knows ranges, which players need to seek, and what was compressed at build time.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise import WhiteNoise
from whitenoise.responders import MissingFileError, StaticFile

YEAR_SECONDS = 365 * 24 * 3600
_MEDIA = re.compile(r"/media/([0-9a-f]{64}\.[a-z0-9]{1,8})")

type WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Files(WhiteNoise):  # type: ignore[misc] # whitenoise has no types
    """A WSGI application in front of another: answers for files, passes on everything else."""

    def __init__(self, application: WsgiApplication) -> None:
        super().__init__(
            application,
            max_age=YEAR_SECONDS,
            add_headers_function=_harmless,
            allow_all_origins=False,
        )
        if settings.BUILT.parent.is_dir():
            self.add_files(str(settings.BUILT.parent), prefix=settings.STATIC_URL)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        found = self.files.get(path) or _medium(path)
        try:
            answer: Iterable[bytes] = (
                self.application(environ, start_response)
                if found is None
                else self.serve(found, environ, start_response)
            )
        except FileNotFoundError:  # discarded by a scrub since we last looked
            _known.cache_clear()
            answer = self.application(environ, start_response)
        return answer


def _harmless(headers: Headers, path: str, url: str) -> None:
    """Add what keeps an author's file from doing anything but being shown."""
    del path, url
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _medium(path: str) -> StaticFile | None:
    match = _MEDIA.fullmatch(path)
    return None if match is None else _opened(settings.MEDIA / match[1])


@lru_cache(maxsize=1024)
def _known(path: Path) -> StaticFile:
    headers = Headers([("Cache-Control", f"max-age={YEAR_SECONDS}, public, immutable")])
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers["ETag"] = f'"{path.stem}"'
    _harmless(headers, "", "")
    return StaticFile(str(path), headers.items())


def _opened(path: Path) -> StaticFile | None:
    try:
        return _known(path)
    except MissingFileError:
        return None
