"""A course folder in the making: what an importer writes, and an author could have written (R083)."""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import tomli_w

from passport.kernel.ids import derived_id
from passport.library.engine.fields import Texts
from passport.library.engine.tree import COURSE_FILE

_SLUG_LETTERS: Final = 60
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+")


@dataclass(slots=True)
class Draft:
    """The folder, and what its `course.toml` will say. Texts are by language."""

    folder: Path
    identity: str
    """What the source calls itself for good, so that importing it again makes a version of the same course."""
    titles: Texts = field(default_factory=dict)
    summaries: Texts = field(default_factory=dict)
    category: Texts = field(default_factory=dict)
    licence: str = ""
    credits: str = ""
    cover: str = ""
    tags: list[str] = field(default_factory=list)
    lessons: list[dict[str, Any]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    @property
    def course(self) -> UUID:
        return derived_id("imported", self.identity)

    def add(self, kind: str, titles: Texts, source: str, **more: Any) -> str:
        """Add a lesson; `more` are further keys of its table. Returns its slug."""
        slug = _free(_slug(next(iter(titles.values()), kind)), {one["id"] for one in self.lessons})
        self.lessons.append(
            {"id": slug, "kind": kind, "title": dict(titles), "source": source, **more}
        )
        return slug

    def write(self, name: str, content: bytes | Path) -> str:
        """Put a file into the folder, under this name or one like it; returns the name."""
        kept = _free(_file_name(name), self._names)
        self._names.add(kept)
        target = self.folder / kept
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        else:
            target.write_bytes(content)
        return kept

    def finish(self) -> None:
        """Write `course.toml`."""
        said: dict[str, Any] = {
            "id": str(self.course),
            "category": self.category,
            "licence": self.licence,
            "credits": self.credits,
            "cover": self.cover,
            "tags": self.tags,
            "title": self.titles,
            "summary": self.summaries,
        }
        table = {key: value for key, value in said.items() if value}
        (self.folder / COURSE_FILE).write_text(tomli_w.dumps({**table, "lesson": self.lessons}))


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LETTERS].strip("-") or "lesson"


def _file_name(name: str) -> str:
    parts = [_NOT_IN_NAMES.sub("-", part).strip(".-") or "file" for part in name.split("/")]
    return "/".join(parts)


def _free(wanted: str, taken: set[str]) -> str:
    """Return the name, or the same with a number before its ending."""
    stem, dot, ending = wanted.rpartition(".")
    if not dot or "/" in ending:
        stem, ending = wanted, ""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{stem}-{number}{dot if ending else ''}{ending}", number + 1
    return name
