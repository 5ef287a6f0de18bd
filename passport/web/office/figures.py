"""One figure: month by month, by sex, by site."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.insights import queries
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people import queries as people
from passport.web.office.plots import drawn
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps

MONTHS = 24


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show how a figure grew, in all or at one site, and how it lies over the sites."""
    by = staff(request, Permission.SEE_FIGURES)
    indicator = queries.indicator(key)
    names = people.site_names()
    site = _site(request, names)
    number = number_in(request)
    sites = queries.by_site(by, key, page=number) if indicator.of_people else None
    growth = queries.growth(by, key, site=site)
    return page(
        request,
        "office/figure.html",
        "overview",
        indicator=indicator,
        coverage=queries.coverage(),
        site=site,
        names=names,
        growth=growth[::-1][:MONTHS],
        drawing=drawn(growth),
        sites=sites,
        steps=steps(request, number, -(-sites.total // queries.PAGE), sites.total) if sites else {},
    )


def _site(request: HttpRequest, names: dict[UUID, str]) -> UUID | None:
    text = request.GET.get("site", "")
    if not text:
        return None
    try:
        site = UUID(text)
    except ValueError:
        site = None
    if site not in names:
        raise NotFound("There is no such site.")
    return site
