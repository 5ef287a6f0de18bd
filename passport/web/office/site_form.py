"""The form of a site, new or known."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from passport.kernel.actor import Actor
from passport.kernel.permissions import Permission
from passport.people import queries
from passport.people.models import Way
from passport.web.staff.guard import page


def language_in(given: QueryDict) -> str:
    language = given.get("language", "")
    return language if language in settings.SITE_LANGUAGES else ""


def form(
    request: HttpRequest, by: Actor, site: queries.SiteView | None, wrong: str, ways: list[str]
) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    return page(
        request,
        "office/site.html",
        "sites",
        400 if wrong else 200,
        site=site,
        wrong=wrong,
        given=given,
        ways=given.getlist("ways") if given else ways,
        all_ways=_ways(),
        may_change=by.may(Permission.MANAGE_SITES),
    )


def _ways() -> list[tuple[str, str]]:
    return [
        (Way.PICTURE.value, _("Own picture and picture code")),
        (Way.CARD.value, _("Printed card")),
        (Way.PASSWORD.value, _("Name and password")),
    ]
