"""The doors of a country and of a hub in one list, for tests that play both in one process."""

from passport.roles.country import urlpatterns

__all__ = ["urlpatterns"]
