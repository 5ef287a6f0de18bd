"""Before a page that is not ours: a warning that a child understands (R207)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.web.learner.guard import page
from passport.web.refusals import inside

OUTSIDE = ("http", "https")
CALLS = ("mailto", "tel")


@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """Say where the link leads; go there only by a tap of one's own."""
    address = request.GET.get("to", "")
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    known = (parts.scheme in OUTSIDE and parts.hostname) or (parts.scheme in CALLS and parts.path)
    back = inside(_path_of(request.headers.get("Referer", ""), request.get_host()))
    return page(
        request,
        "away",
        address=address if known else "",
        host=(parts.hostname or parts.path) if known else "",
        back=back,
    )


def _path_of(referrer: str, host: str) -> str:
    """The path of the page that somebody came from, where it is one of ours."""
    parts = urlsplit(referrer)
    return parts.path if parts.netloc == host else "/"
