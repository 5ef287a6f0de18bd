"""Reading a TOML table field by field: what is missing, of another kind or unknown is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final, TypeGuard

from django.utils.translation import gettext_noop as _

from passport.library.engine.desk import Desk
from passport.library.engine.names import inside
from passport.library.engine.tomlfile import Path, Toml

type Texts = dict[str, str]
"""A text by language (BCP 47 tag), in the author's order."""

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST: Final = 10_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Fields:
    """One table of a TOML file, and where it is."""

    def __init__(
        self, desk: Desk, file: str, toml: Toml, path: Path, languages: tuple[str, ...] = ()
    ) -> None:
        """Look at the table at `path`; `languages` are those of the course, the first leading."""
        self.desk = desk
        self.file = file
        self.toml = toml
        self.path = path
        self.languages = languages
        at: Any = toml.values
        for part in path:
            at = at[part]
        self._table: dict[str, Any] = at
        self._asked: set[str] = set()

    def line(self, *keys: str | int) -> int:
        """The line of a key, or of the table."""
        return self.toml.line(self.path + keys)

    def error(self, key: str, message: str, /, **params: object) -> None:
        """Report what is wrong with a key."""
        self.desk.report.error(self.file, self.line(key), message, **params)

    def warning(self, key: str, message: str, /, **params: object) -> None:
        """Report what the author should know about a key."""
        self.desk.report.warning(self.file, self.line(key), message, **params)

    def has(self, key: str) -> bool:
        """Whether the author wrote this key."""
        self._asked.add(key)
        return key in self._table

    def raw(self, key: str) -> Any:
        """What stands there, unchecked."""
        self._asked.add(key)
        return self._table.get(key)

    def text(self, key: str, *, required: bool = False) -> str:
        """One text; "" when it is absent (reported if required) or not a text (reported)."""
        value = self.raw(key)
        if value is None:
            if required:
                self.error(key, _("“%(key)s” is missing."), key=key)
            return ""
        if not is_text(value):
            self.error(key, _("“%(key)s” must be a text."), key=key)
            return ""
        if required and not value.strip():
            self.error(key, _("“%(key)s” is empty."), key=key)
        return value.strip()

    def slug(self, key: str, seen: set[str]) -> str:
        """A short stable name, once in its list; "" when it won't do."""
        value = self.text(key, required=True)
        if not value:
            return ""
        if not SLUG.fullmatch(value):
            self.error(
                key, _("“%(value)s” won't do as an id: write a-z, 0-9, - and _."), value=value
            )
            return ""
        if value in seen:
            self.error(key, _("The id “%(value)s” is here twice."), value=value)
            return ""
        seen.add(value)
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of a few words; "" when it is not (reported)."""
        allowed = list(choices)
        if default is not None and not self.has(key):
            return default
        value = self.text(key, required=True)
        if value and value not in allowed:
            self.error(
                key, _("“%(value)s” is not known here; it may be %(choices)s."),
                value=value, choices=", ".join(allowed),
            )  # fmt: skip
            return ""
        return value

    def whole(self, key: str, *, default: int, low: int, high: int) -> int:
        """A whole number within bounds; the default when absent or wrong (reported)."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.error(
                key, _("“%(key)s” must be a whole number from %(low)s to %(high)s."),
                key=key, low=low, high=high,
            )  # fmt: skip
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.error(key, _("“%(key)s” must be true or false."), key=key)
            return default
        return value

    def list_of_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, without blanks and repeats."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(is_text(each) for each in value):
            self.error(key, _("“%(key)s” must be a list of texts."), key=key)
            return ()
        return tuple(dict.fromkeys(each.strip() for each in value if each.strip()))

    def texts(self, key: str, *, required: bool = False, complete: bool = True) -> Texts:
        """A text by language. A bare text counts for the course's first language.

        Languages of the course that are missing are told as a warning, when `complete`.
        """
        value = self.raw(key)
        if value is None:
            if required:
                self.error(key, _("“%(key)s” is missing."), key=key)
            return {}
        if isinstance(value, str) and self.languages:
            value = {self.languages[0]: value}
            complete = False
        if not isinstance(value, dict):
            self.error(key, _("“%(key)s” must be a table of texts by language."), key=key)
            return {}
        texts = {name: self._one_text(key, name, each) for name, each in value.items()}
        found = {name: text for name, text in texts.items() if text}
        if required and not found:
            self.error(key, _("“%(key)s” is empty."), key=key)
        if self.languages:
            self._compare_languages(key, found, complete=complete)
        return found

    def _one_text(self, key: str, language: str, value: object) -> str:
        line = self.line(key, language)
        if not LANGUAGE.fullmatch(language):
            self.desk.report.error(
                self.file, line, _("“%(name)s” is not a language tag such as en or ar."),
                name=language,
            )  # fmt: skip
            return ""
        if not is_text(value) or not value.strip():
            self.desk.report.error(
                self.file, line, _("“%(key)s” needs a text in “%(language)s”."),
                key=key, language=language,
            )  # fmt: skip
            return ""
        return value.strip()

    def _compare_languages(self, key: str, found: Texts, *, complete: bool) -> None:
        for language in found:
            if language not in self.languages:
                self.desk.report.warning(
                    self.file, self.line(key, language),
                    _("The course has no title in “%(language)s”, so this text is not used."),
                    language=language,
                )  # fmt: skip
        missing = [each for each in self.languages if each not in found]
        if found and missing and complete:
            self.warning(
                key, _("“%(key)s” has no text in %(languages)s; another language stands in."),
                key=key, languages=", ".join(missing),
            )  # fmt: skip

    def tables(self, key: str, *, required: bool = False) -> list[Fields]:
        """A list of tables, each as fields."""
        value = self.raw(key)
        if value is None or value == []:
            if required:
                self.error(key, _("“%(key)s” is missing."), key=key)
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.error(key, _("“%(key)s” must be a list of tables."), key=key)
            return []
        return [
            Fields(self.desk, self.file, self.toml, (*self.path, key, number), self.languages)
            for number in range(len(value))
        ]

    def finish(self, known: Iterable[str] = ()) -> None:
        """Tell of keys that nothing asked for: most often a slip of the pen."""
        expected = self._asked | set(known)
        for key in self._table:
            if key in expected:
                continue
            near = get_close_matches(key, expected, n=1)
            if near:
                self.warning(
                    key, _("“%(key)s” is not known here; did you mean “%(near)s”?"),
                    key=key, near=near[0],
                )  # fmt: skip
            else:
                self.warning(key, _("“%(key)s” is not known here."), key=key)


def is_text(value: object) -> TypeGuard[str]:
    """A text of bearable length, without the control characters that databases refuse."""
    return isinstance(value, str) and len(value) <= _LONGEST and not _CONTROL.search(value)


def variants(fields: Fields, key: str, reference: str) -> Texts:
    """The file of each language that `reference` means.

    Without `{lang}` one file serves all and counts for the course's first language. With it, the
    languages that have no file are told as a warning; when none has, the first is asked for, so
    that the missing file is reported.
    """
    first = fields.languages[0]
    if "{lang}" not in reference:
        return {first: reference}
    named = {language: reference.replace("{lang}", language) for language in fields.languages}
    here = {
        language: name
        for language, name in named.items()
        if (inside(fields.file, name) or "") in fields.desk.tree
    }
    if not here:
        return {first: named[first]}
    missing = [language for language in fields.languages if language not in here]
    if missing:
        fields.warning(
            key, _("There is no “%(key)s” in %(languages)s; another language stands in."),
            key=key, languages=", ".join(missing),
        )  # fmt: skip
    return here


def said_in(texts: Texts, language: str) -> str:
    """The text in a language, else in the same language elsewhere, else the first; "" for none."""
    if language in texts:
        return texts[language]
    base = language.partition("-")[0]
    for name, text in texts.items():
        if name.partition("-")[0] == base:
            return text
    return next(iter(texts.values()), "")
