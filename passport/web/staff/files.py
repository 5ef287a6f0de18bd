"""Files that somebody uploaded."""

from __future__ import annotations

from operator import itemgetter
from typing import BinaryIO, cast

from django.http import HttpRequest


def parcel_files(request: HttpRequest) -> list[tuple[str, BinaryIO]]:
    """Return the parcel files of a form, in the order of their names, open for reading."""
    uploaded = [(file.name or "", file) for file in request.FILES.getlist("parcels")]
    return [(name, cast("BinaryIO", file)) for name, file in sorted(uploaded, key=itemgetter(0))]
