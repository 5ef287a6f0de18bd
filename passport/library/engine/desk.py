"""The desk on which a course is put together: its files, what was found wrong, what to publish."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import msgspec
from django.utils.translation import gettext_noop as _

from passport.library.engine.limits import Limits
from passport.library.engine.media import Form, Media, examine
from passport.library.engine.names import inside
from passport.library.engine.problems import Report
from passport.library.engine.tree import Tree


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A blob to be: its address and where its bytes are now (a file, or right here)."""

    sha256: str
    size: int
    media_type: str
    extension: str
    path: Path | None = None
    data: bytes | None = None


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A media file that was checked and has its address."""

    media: Media
    sha256: str

    @property
    def url(self) -> str:
        """Where a page finds it."""
        return f"/media/{self.sha256}.{self.media.extension}"


@dataclass(slots=True)
class Desk:
    """All that is needed while one course is read; thrown away afterwards."""

    tree: Tree
    report: Report
    limits: Limits
    pieces: dict[str, Piece] = field(default_factory=dict)
    _looked_at: dict[str, Placed | None] = field(default_factory=dict)

    def find(self, base: str, reference: str, line: int) -> str | None:
        """The name of the file that `reference` in `base` means; None, reported, for none."""
        name = inside(base, reference)
        if name is None:
            self.report.error(
                base, line, _("“%(reference)s” leads out of the folder."), reference=reference
            )
            return None
        if name in self.tree:
            return name
        unquoted = inside(base, unquote(reference))
        if unquoted is not None and unquoted in self.tree:
            return unquoted
        alike = self.tree.alike(name)
        if alike is None:
            self.report.error(
                base, line, _("There is no file “%(reference)s”."), reference=reference
            )
        else:
            self.report.error(
                base, line, _("There is no file “%(reference)s”; did you mean “%(alike)s”?"),
                reference=reference, alike=alike,
            )  # fmt: skip
        return None

    def text(self, name: str) -> str | None:
        """A text file of the course as UTF-8; None, reported, when it can't be read."""
        if self.tree.size(name) > self.limits.text:
            self.report.error(name, 0, _("This file is larger than a course may hold."))
            return None
        data = self.tree.files[name].read_bytes()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.report.error(name, line, _("This file is not in UTF-8."))
            return None

    def media(self, base: str, reference: str, line: int, *forms: Form) -> Placed | None:
        """Check and place the media file meant by `reference`; None, reported, when it won't do."""
        name = self.find(base, reference, line)
        if name is None:
            return None
        if name not in self._looked_at:
            self._looked_at[name] = self._place(name)
        placed = self._looked_at[name]
        if placed is not None and placed.media.form not in forms:
            self.report.error(
                base, line, _("“%(reference)s” is of the wrong kind here."), reference=reference
            )
            return None
        return placed

    def _place(self, name: str) -> Placed | None:
        path = self.tree.files[name]
        try:
            media = examine(path, name, self.report, self.limits)
            if media is None:
                return None
            if media.cleaned is not None:
                sha256 = self.put(media.cleaned, media.media_type, media.extension)
            else:
                sha256 = self._put_file(path, media)
        except OSError as error:
            self.report.error(
                name, 0, _("This file can't be read: %(why)s"), why=error.strerror or error
            )
            return None
        return Placed(media=media, sha256=sha256)

    def put(self, data: bytes, media_type: str, extension: str) -> str:
        """Place bytes that were made here; their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.pieces[sha256] = Piece(
            sha256=sha256, size=len(data), media_type=media_type, extension=extension, data=data
        )
        return sha256

    def _put_file(self, path: Path, media: Media) -> str:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        self.pieces[sha256] = Piece(
            sha256=sha256, size=size, media_type=media.media_type, extension=media.extension,
            path=path,
        )  # fmt: skip
        return sha256
