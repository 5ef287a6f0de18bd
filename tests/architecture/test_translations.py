"""English, Arabic, French and Spanish are complete: no sentence of the interface is missing."""

import pytest

from tests.architecture.house import ROOT
from tools.translations import LANGUAGES, untranslated_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert untranslated_in(ROOT, language) == [], "`make messages` adds them to the catalogues"
