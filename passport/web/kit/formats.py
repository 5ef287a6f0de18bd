"""Numbers, dates and lengths of time as people of the active language write them.

Digits are the Western ones in every language of the interface: they are what tablets, keyboards
and printed cards here carry. What a course says in its own digits stays as its author wrote it.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from passport.kernel.clock import moment, now_ms

# What stands between thousands, and before decimals.
SEPARATORS = {"fr": ("\u202f", ","), "es": (".", ",")}


def number(value: float, decimals: int = 0) -> str:
    """`12345` as `12,345`, or as the language groups it."""
    plain = f"{value:,.{decimals}f}"
    between, before = SEPARATORS.get(get_language() or "", (",", "."))
    return plain.translate({ord(","): between, ord("."): before})


def percent(value: float | None) -> str:
    """A share of 100, or a dash where there is none."""
    return "–" if value is None else _("%(share)s %%") % {"share": number(value)}


def day(value: dt.datetime | dt.date | None) -> str:
    """A date in words; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return str(formats.date_format(value, "DATE_FORMAT"))


def ago(value: dt.datetime | None) -> str:
    """How long since a moment, in the largest whole unit; `never` for none."""
    if value is None:
        return _("never")
    minutes = int((moment(now_ms()) - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:  # noqa: PLR2004 (an hour)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:  # noqa: PLR2004 (a day)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = hours // 24
    if days < 60:  # noqa: PLR2004 (two months: then the date says more)
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return day(value)


def time(value: dt.datetime) -> str:
    """The time of day; with the day where that isn't today."""
    local, today = timezone.localtime(value), timezone.localtime(moment(now_ms())).date()
    shape = "TIME_FORMAT" if local.date() == today else "SHORT_DATETIME_FORMAT"
    return str(formats.date_format(local, shape))


def clock(seconds: int) -> str:
    """Seconds as `3:07`."""
    return f"{seconds // 60}:{seconds % 60:02}"


def minutes(count: int) -> str:
    """How long something takes."""
    return _minutes(get_language() or "", count)


@lru_cache(maxsize=512)
def _minutes(language: str, count: int) -> str:
    del language  # it is why the words differ
    return ngettext("%(num)s minute", "%(num)s minutes", count) % {"num": count}


def size(octets: int) -> str:
    """A file's size in kB, MB or GB."""
    value, unit = octets / 1000, _("kB")
    if value >= 1000:  # noqa: PLR2004 (the next unit)
        value, unit = value / 1000, _("MB")
    if value >= 1000:  # noqa: PLR2004 (the next unit)
        value, unit = value / 1000, _("GB")
    return f"{number(value, 1 if value < 10 else 0)} {unit}"  # noqa: PLR2004 (two figures are enough)


def reads_from_the_right(text: str) -> bool:
    """Whether the first strong character of a text is Arabic or Hebrew."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def month(value: dt.date) -> str:
    """A month and its year in words."""
    return str(formats.date_format(value, "YEAR_MONTH_FORMAT"))


FILTERS: dict[str, Callable[..., object]] = {
    "number": number,
    "percent": percent,
    "day": day,
    "month": month,
    "ago": ago,
    "time": time,
    "clock": clock,
    "minutes": minutes,
    "size": size,
}
