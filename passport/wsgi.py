"""What the server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
_django = get_wsgi_application()

from passport.web.files import Files  # noqa: E402 - it reads the settings, which are there only now

application = Files(_django)

if os.environ.get("PASSPORT_SERVING"):
    from passport.roles import serving

    serving.begin()
