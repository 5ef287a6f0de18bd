"""Finds the sentences of the interface, keeps the catalogues up to date, compiles them.

`make messages` extracts every marked sentence (Python and Jinja2) and merges it into
passport/locale/<language>/LC_MESSAGES/django.po. Catalogues are sorted and carry no dates and no
line numbers, so that two people's work merges.
"""

import ast
import sys
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "fr", "es")  # English is what the sentences are written in

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "n_": None,  # gettext_noop where a table has many of them
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue_path(root: Path, language: str) -> Path:
    return root / "passport" / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_translations(root: Path) -> list[str]:
    """Write a .mo beside each .po that is newer; returns the languages written."""
    written = []
    for source in sorted((root / "passport" / "locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        language = source.parent.parent.name
        with target.open("wb") as file:
            write_mo(file, _read(source, language), use_fuzzy=False)
        written.append(language)
    return written


def extract(root: Path) -> Catalog:
    """All sentences that the sources mark for translation."""
    mappings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        root,
        method_map=[(mapping["pattern"], mapping["method"]) for mapping in mappings],
        options_map={
            mapping["pattern"]: {
                name: str(value)
                for name, value in mapping.items()
                if name not in {"pattern", "method"}
            }
            for mapping in mappings
        },
        keywords={**KEYWORDS, **dict.fromkeys(_names_of_errors(root), None)},
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for path, _line, message, comments, context in found:
        # the line stays out: it changes with every edit above it
        catalogue.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return catalogue


def _names_of_errors(root: Path) -> list[str]:
    """The classes in every errors.py: `raise NotFound("There is no …")` holds a sentence too."""
    return sorted(
        statement.name
        for path in (root / "passport").glob("*/errors.py")
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.ClassDef)
    )


def update(root: Path) -> list[str]:
    """Merge the sentences found into each language's catalogue; returns a line about each."""
    template = extract(root)
    lines = []
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        catalogue = _read(path, language) if path.is_file() else Catalog(locale=language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _text(catalogue)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        missing = len(untranslated(catalogue))
        lines.append(f"{language}: {len(catalogue)} sentences, {missing} still to translate")
    return lines


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences of a catalogue that have no translation, or miss one of its plural forms."""
    return sorted(
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not _is_complete(message.string))
    )


def untranslated_in(root: Path, language: str) -> list[str]:
    """The sentences in the sources that a reader of this language would see in English."""
    path = catalogue_path(root, language)
    catalogue = _read(path, language) if path.is_file() else Catalog(locale=language)
    catalogue.update(extract(root), no_fuzzy_matching=True)
    return untranslated(catalogue)


def _is_complete(translation: str | tuple[str, ...] | list[str] | None) -> bool:
    forms = [translation] if isinstance(translation, str) else list(translation or [])
    return bool(forms) and all(forms)


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _text(catalogue: Catalog) -> str:
    buffer = BytesIO()
    write_po(buffer, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=100)
    # Without the header neither gettext nor Babel knows the plural forms: the short one, undated.
    header = (
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header + buffer.getvalue().decode()


def main() -> int:
    for line in update(ROOT):
        print(line)
    compile_translations(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
