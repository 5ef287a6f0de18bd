"""What `bench/answers.py` serves: the real door for events, and an empty view beside it."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
django.setup()


def empty(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse(headers={"Content-Length": "0"})


def _patterns() -> list[object]:
    from passport.web.learner.events import events

    return [path("empty", empty), path("events", events)]


urlpatterns = _patterns()
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()

if os.environ.get("PASSPORT_SERVING"):
    from passport.node.actions import start_writer

    start_writer()
