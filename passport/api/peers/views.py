"""POST a parcel file, get the one that answers it. Signatures and seals are the only credentials."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from passport.kernel.actor import Actor
from passport.kernel.errors import PassportError
from passport.sync import actions as sync

MARGIN_BYTES = 1024 * 1024
"""Manifest, envelope and padding over the payloads that `parcel_file_bytes` counts."""


@csrf_exempt  # see below
def locked(request: HttpRequest, path: str) -> HttpResponse:
    """Answer while nobody has unlocked this node: whoever asks comes again later."""
    del request, path
    words = "This place is locked until somebody who works there unlocks it."
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")


@csrf_exempt  # a peer has no session; it signs what it says
@require_POST
def parcels(request: HttpRequest) -> HttpResponse:
    """Take one file; 200 with the answer, 400 with a sentence, 413 when it is larger than any may be."""
    at_most = settings.PARCEL_FILE_BYTES + settings.PARCEL_FILE_BYTES // 8 + MARGIN_BYTES
    if int(request.headers.get("Content-Length") or 0) > at_most:
        return HttpResponse("This file is larger than a parcel may be.", status=413)
    content = request.read(at_most + 1)
    if len(content) > at_most:
        return HttpResponse("This file is larger than a parcel may be.", status=413)
    try:
        _, reply = sync.answer(by=Actor.machine(), content=content)
    except PassportError as refusal:
        return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(reply, content_type=sync.MEDIA_TYPE)
