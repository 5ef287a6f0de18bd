"""Sentences are found wherever the sources hold them, and catalogues keep what was translated."""

from pathlib import Path

import pytest

from tools.translations import compile_translations, extract, untranslated_in, update

SETTINGS = """
[[tool.babel.mappings]]
method = "python"
pattern = "passport/**.py"

[[tool.babel.mappings]]
method = "jinja2"
pattern = "passport/**/templates/**"
trimmed = true
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    room = tmp_path / "passport" / "people"
    templates = room / "templates" / "people"
    templates.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (room / "errors.py").write_text("class CardLost(Exception): ...\n")
    (room / "actions.py").write_text(
        'raise CardLost("Card %(code)s is lost.", code=1)\n'
        'label = gettext_lazy("Name")\n'
        'days = ngettext("%(n)s day", "%(n)s days", 3)\n'
    )
    (templates / "page.html").write_text(
        '<h1>{{ _("Welcome") }}</h1>{% trans %}\n  Two\n  lines\n{% endtrans %}'
    )
    return tmp_path


def test_sentences_come_from_python_templates_and_errors(project: Path) -> None:
    found = {message.id for message in extract(project) if message.id}

    assert found == {
        "Card %(code)s is lost.",
        "Name",
        ("%(n)s day", "%(n)s days"),
        "Welcome",
        "Two lines",
    }


def test_a_missing_plural_form_is_a_missing_translation(project: Path) -> None:
    update(project)
    catalogue = project / "passport" / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    text = catalogue.read_text().replace('msgid "Name"\nmsgstr ""', 'msgid "Name"\nmsgstr "الاسم"')
    catalogue.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "أيام"'))

    missing = untranslated_in(project, "ar")

    assert "Name" not in missing
    assert str(("%(n)s day", "%(n)s days")) in missing


def test_updating_again_changes_nothing(project: Path) -> None:
    update(project)
    catalogue = project / "passport" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    before = catalogue.read_bytes()

    update(project)

    assert catalogue.read_bytes() == before


def test_a_catalogue_is_compiled_once(project: Path) -> None:
    update(project)

    assert compile_translations(project) == ["ar", "es", "fr"]
    assert compile_translations(project) == []
