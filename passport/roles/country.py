"""The country's doors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from passport.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("", include("passport.web.office.urls")),
    path("", include("passport.web.facilitator.urls")),
    path("", include("passport.web.learner.urls")),
    path("peers/", include("passport.api.peers.urls")),
]
