"""The doors of a node that started locked, whatever its role: nobody's name and nobody's work."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from passport.api.peers import views as peers
from passport.web.health import health
from passport.web.learner.language import language
from passport.web.unlock.views import locked, unlock

_learner = [path("", locked, name="home"), path("language", language, name="language")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("unlock", unlock, name="unlock"),
    path("health", health, name="health"),
    path("", include((_learner, "learner"))),
    path("peers/<path:path>", peers.locked),
    path("<path:path>", locked),
]
handler500 = "passport.web.refusals.failed"
