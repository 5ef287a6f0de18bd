"""The files of a course, by name, whether they come from a folder or from a zip.

Nothing reads a course's files but through a `Tree`, which holds only names that stay inside.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext_noop as _

from passport.library.engine.archive import unpack
from passport.library.engine.limits import Limits
from passport.library.engine.names import is_litter
from passport.library.engine.problems import Report

COURSE_FILE: Final = "course.toml"


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by their name inside the course ("pictures/apple.svg"), each on disk at a path."""

    files: Mapping[str, Path]

    def __contains__(self, name: str) -> bool:
        """Whether the course holds that file."""
        return name in self.files

    def size(self, name: str) -> int:
        """Bytes in the file."""
        return self.files[name].stat().st_size

    def alike(self, name: str) -> str | None:
        """A name that differs only in case, for a hint: disks disagree about case."""
        wanted = name.casefold()
        return next((other for other in self.files if other.casefold() == wanted), None)


@contextmanager
def opened(source: Path, report: Report, limits: Limits) -> Iterator[Tree]:
    """Yield the files of a folder, or of a zip of a folder; what is wrong goes to `report`."""
    if source.is_dir():
        yield Tree(_walk(source, report, limits))
        return
    with TemporaryDirectory(prefix="course-") as scratch:
        yield Tree(_without_wrapper(unpack(source, Path(scratch), report, limits)))


def _walk(root: Path, report: Report, limits: Limits) -> dict[str, Path]:
    files: dict[str, Path] = {}
    total = 0
    whole = root.resolve()
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        for name in sorted(names) + [each for each in folders if (here / each).is_symlink()]:
            path = here / name
            known_as = unicodedata.normalize("NFC", path.relative_to(root).as_posix())
            if is_litter(known_as):
                continue
            if path.is_symlink() and not _is_file_inside(path, whole):
                report.error(
                    known_as, 0, _("This is a link that leads out of the folder or to no file.")
                )
                continue
            if not path.is_file():
                report.error(known_as, 0, _("This is not an ordinary file."))
                continue
            files[known_as] = path
            total += path.stat().st_size
        folders[:] = sorted(each for each in folders if not is_litter(each))
        if len(files) > limits.files or total > limits.total:
            report.error(COURSE_FILE, 0, _("The folder holds more than a course may hold."))
            return {}
    return files


def _is_file_inside(link: Path, root: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_file() and target.is_relative_to(root)


def _without_wrapper(files: dict[str, Path]) -> dict[str, Path]:
    """Take off the one folder that zip tools like to wrap around everything."""
    if COURSE_FILE in files:
        return files
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) != 1 or f"{(top := tops.pop())}/{COURSE_FILE}" not in files:
        return files
    return {name.removeprefix(f"{top}/"): path for name, path in files.items()}
