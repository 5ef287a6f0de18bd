"""What the server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
application = get_wsgi_application()

if os.environ.get("PASSPORT_SERVING"):
    from passport.roles import serving

    serving.begin()
