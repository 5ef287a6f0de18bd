"""Files that somebody uploaded."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import HttpRequest


def parcel_files(request: HttpRequest) -> list[tuple[str, BinaryIO]]:
    """Return the parcel files of a form, by name, open for reading."""
    uploaded = request.FILES.getlist("parcels")
    return [(file.name or "", cast("BinaryIO", file)) for file in uploaded]
