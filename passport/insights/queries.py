"""Questions about the figures. All of them for those who may see the country's figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import timezone

from passport.fleet import queries as fleet
from passport.insights.engine.definitions import Indicator, indicators
from passport.insights.errors import NoSuchFigure
from passport.insights.models import Counted, Month, Sex
from passport.insights.policies import check_may_see_figures
from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms

__all__ = [
    "Indicator",
    "annual",
    "by_site",
    "coverage",
    "growth",
    "headline",
    "indicator",
    "indicators",
]

COVERAGE_DAYS = 30
PAGE = 50


class Coverage(NamedTuple):
    """How much of the country the figures have heard of: "2 of 3 hubs heard from in 30 days"."""

    heard: int
    hubs: int
    days: int


class Figure(NamedTuple):
    """One headline figure."""

    indicator: Indicator
    total: int
    this_month: int
    """Of it, what came in the running month."""


class Headline(NamedTuple):
    """The figures of a moment."""

    figures: list[Figure]
    coverage: Coverage
    counted_at: datetime | None


class BySex(NamedTuple):
    """A number, told by sex. The four add up to `all`, except where a figure isn't about people."""

    female: int
    male: int
    other: int
    unsaid: int
    all: int

    @property
    def share_female(self) -> float | None:
        """Women and girls, in percent of everybody, those included who didn't say (R129)."""
        return 100 * self.female / self.all if self.all else None


class MonthLine(NamedTuple):
    """One month of a figure's growth."""

    month: date
    added: BySex
    total: int
    """Everything added up to the end of this month."""


class SiteLine(NamedTuple):
    """One figure at one site; None stands for what belongs to no site."""

    site: UUID | None
    total: BySex


class SitesPage(NamedTuple):
    """A page of sites, and how many there are in all."""

    lines: list[SiteLine]
    total: int


class AnnualLine(NamedTuple):
    """One figure of a year's page: what was before, what came, what is (R125, R126)."""

    indicator: Indicator
    before: int
    added: BySex
    total: int


def indicator(key: str) -> Indicator:
    """Return the definition of one figure. Raises `NoSuchFigure`."""
    for known in indicators():
        if known.id == key:
            return known
    raise NoSuchFigure("There is no figure of this name.")


def coverage() -> Coverage:
    """Return how many hubs have been heard from lately."""
    since = moment(now_ms()) - timedelta(days=COVERAGE_DAYS)
    heard, hubs = fleet.heard_since(since)
    return Coverage(heard, hubs, COVERAGE_DAYS)


def headline(by: Actor) -> Headline:
    """Return the headline figures with what they cover."""
    check_may_see_figures(by)
    this_month = _this_month()
    sums = {
        row["indicator"]: (row["total"], row["recent"] or 0)
        for row in Month.objects.values("indicator").annotate(
            total=Sum("value"), recent=Sum("value", filter=Q(month=this_month))
        )
    }
    figures = [Figure(known, *sums.get(known.id, (0, 0))) for known in indicators()]
    counted = Counted.objects.first()
    return Headline(figures, coverage(), counted.at if counted else None)


def growth(
    by: Actor, key: str, *, site: UUID | None = None, sex: str = "", months: int = 0
) -> list[MonthLine]:
    """Return a figure month by month, from the first in which something came to this one.

    `site` and `sex` narrow it down; `months` cuts to the last so many.
    """
    check_may_see_figures(by)
    rows = Month.objects.filter(indicator=indicator(key).id)
    if site is not None:
        rows = rows.filter(site=site)
    if sex:
        rows = rows.filter(sex=sex)
    added: dict[date, dict[str, int]] = defaultdict(dict)
    for row in rows.values("month", "sex").annotate(total=Sum("value")):
        added[row["month"]][row["sex"]] = row["total"]
    lines, total, month = [], 0, min(added, default=_this_month())
    last = max([_this_month(), *added])
    while month <= last:
        came = _by_sex(added.get(month, {}))
        total += came.all
        lines.append(MonthLine(month, came, total))
        month = _next(month)
    return lines[-months:] if months else lines


def by_site(by: Actor, key: str, *, page: int = 1) -> SitesPage:
    """Return a figure told by site and sex, the largest first, fifty sites a page."""
    check_may_see_figures(by)
    rows = Month.objects.filter(indicator=indicator(key).id)
    sites = rows.values("site").annotate(total=Sum("value")).order_by("-total", "site")
    shown = [row["site"] for row in sites[(page - 1) * PAGE : page * PAGE]]
    held: dict[UUID | None, dict[str, int]] = {site: {} for site in shown}
    wanted = Q(site__in=[site for site in shown if site]) | Q(site=None)
    for row in rows.filter(wanted).values("site", "sex").annotate(total=Sum("value")):
        if row["site"] in held:
            held[row["site"]][row["sex"]] = row["total"]
    return SitesPage([SiteLine(site, _by_sex(held[site])) for site in shown], sites.count())


def annual(by: Actor, year: int) -> list[AnnualLine]:
    """Return the page of a year: each figure before it, in it, and at its end."""
    check_may_see_figures(by)
    first, last = date(year, 1, 1), date(year, 12, 31)
    lines = []
    for known in indicators():
        rows = Month.objects.filter(indicator=known.id, month__lte=last)
        before = rows.filter(month__lt=first).aggregate(total=Sum("value"))["total"] or 0
        came = rows.filter(month__gte=first).values("sex").annotate(total=Sum("value"))
        added = _by_sex({row["sex"]: row["total"] for row in came})
        lines.append(AnnualLine(known, before, added, before + added.all))
    return lines


def _by_sex(values: dict[str, int]) -> BySex:
    return BySex(
        female=values.get(Sex.FEMALE, 0),
        male=values.get(Sex.MALE, 0),
        other=values.get(Sex.OTHER, 0),
        unsaid=values.get(Sex.UNSAID, 0),
        all=sum(values.values()),
    )


def _this_month() -> date:
    return timezone.localdate(moment(now_ms())).replace(day=1)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
