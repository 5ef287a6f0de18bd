"""How far a long piece of work is, for whoever waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_noop as n_

type Tell = Callable[[str, int, int], None]
"""Is told what is being done (a sentence to be translated), how much of it is done, of how much."""

CHECKING_DATABASE: Final = n_("Looking at the database")
CHECKING_JOURNAL: Final = n_("Looking at the journal")
CHECKING_CONTENT: Final = n_("Looking at the content")
CHECKING_BACKUP: Final = n_("Checking the backup")
SAVING_JOURNAL: Final = n_("Saving the journal")
SAVING_CONTENT: Final = n_("Saving the content")
READING_OLD: Final = n_("Reading what the damaged database still holds")
LOADING: Final = n_("Bringing back the journal")
REBUILDING: Final = n_("Making every table again from the journal")


def nobody(what: str, done: int, total: int) -> None:
    """Tell nobody."""
    del what, done, total
