"""What is known of a hub's clock, in sentences."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from passport.fleet.queries import Evidence, HubClock, Quality, Source
from passport.kernel.clock import NEAR_MS, moment
from passport.web.kit.formats import day

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_YEAR: Final = 365 * _DAY


class Line(NamedTuple):
    """One piece of evidence."""

    at: str
    """When, by the hub's clock."""
    words: str


def state(clock: HubClock) -> str:
    """Say in a sentence how right it is, and what says so."""
    last = clock.last
    if last is None or last.quality is Quality.UNKNOWN:
        return _("Nothing is known yet of how right this hub's clock is.")
    words = {"long": _long(abs(clock.behind)), "what": _sources(last.evidence)}
    if abs(clock.behind) <= NEAR_MS:
        if last.quality is Quality.NO_EARLIER:  # it goes by a parcel, which was under way for days
            return _("This hub's clock may be behind: it goes by %(what)s.") % words
        return _("This hub's clock is right, by %(what)s.") % words
    if clock.behind < 0:
        said = _("This hub's clock is %(long)s ahead.")
    elif last.quality is Quality.NO_EARLIER:
        said = _("This hub's clock is at least %(long)s behind.")
    else:
        said = _("This hub's clock is %(long)s behind.")
    corrected = _("What happened there is counted at corrected times, by %(what)s.")
    return f"{said} {corrected}" % words


def lines(evidence: list[Evidence]) -> list[Line]:
    """Say all of it, each piece with the time by the hub's clock."""
    return [Line(_time(each.node), _line(each)) for each in evidence]


def _line(one: Evidence) -> str:
    words = {"at": _time(one.reference)}
    match one.source:
        case Source.START:
            return _("It was started; its wall clock showed %(at)s.") % words
        case Source.LEAP:
            return _("Its clock went forward at once; it had shown %(at)s.") % words
        case Source.PARCEL:
            return _("A parcel of the country was taken that had been made at %(at)s.") % words
        case Source.ARRIVAL:
            return _("It made a parcel that came here at %(at)s.") % words
        case Source.COUNTRY:
            return _("It met the country over the network at %(at)s.") % words
    return ngettext(
        "%(n)s visitor's device showed %(at)s.",
        "%(n)s visitors' devices agreed on %(at)s.",
        one.devices,
    ) % {**words, "n": one.devices}


def _sources(evidence: tuple[Evidence, ...]) -> str:
    """Name the one or two best sources: "5 visitors' devices and the country's parcel of 3 May 2026"."""
    latest = {each.source: each for each in evidence}
    order = (Source.COUNTRY, Source.DEVICES, Source.PARCEL, Source.ARRIVAL)
    named = [_source(latest[source]) for source in order if source in latest][:2]
    return _(" and ").join(named)


def _source(one: Evidence) -> str:
    words = {"day": day(moment(one.reference))}
    match one.source:
        case Source.COUNTRY:
            return _("the country's clock, met on %(day)s") % words
        case Source.PARCEL:
            return _("the country's parcel of %(day)s") % words
        case Source.ARRIVAL:
            return _("its parcel that came on %(day)s") % words
    return ngettext("%(n)s visitor's device", "%(n)s visitors' devices", one.devices) % {
        "n": one.devices
    }


def _long(ms: int) -> str:
    """Say a length of time in its largest whole unit."""
    if ms >= _YEAR:
        return ngettext("%(n)s year", "%(n)s years", ms // _YEAR) % {"n": ms // _YEAR}
    if ms >= _DAY:
        return ngettext("%(n)s day", "%(n)s days", ms // _DAY) % {"n": ms // _DAY}
    if ms >= _HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", ms // _HOUR) % {"n": ms // _HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", ms // _MINUTE) % {"n": ms // _MINUTE}


def _time(ms: int) -> str:
    return str(formats.date_format(timezone.localtime(moment(ms)), "DATETIME_FORMAT"))
