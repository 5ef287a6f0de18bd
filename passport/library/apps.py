"""The library as a Django app."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Courses, versions, lessons, blobs, search."""

    name = "passport.library"
    label = "library"
