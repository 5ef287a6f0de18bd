"""The doors of this node: its role says which."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

urlpatterns = import_module(f"passport.roles.{settings.ROLE.name}").urlpatterns
handler404 = "passport.web.refusals.not_found"
handler500 = "passport.web.refusals.failed"
