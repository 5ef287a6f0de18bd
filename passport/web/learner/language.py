"""The language of the interface, for this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from passport.web.languages import choose_language
from passport.web.learner.guard import page
from passport.web.learner.tongue import forget
from passport.web.refusals import inside


@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Offer the languages, each under its own name; take the choice."""
    onwards = inside(request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST" and choose_language(request, request.POST.get("language", "")):
        forget(request)
        return redirect(onwards)
    return page(request, "language", next=onwards)
