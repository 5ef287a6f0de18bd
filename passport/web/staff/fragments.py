"""A part of a page that a script asks for again every few seconds."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response


def fragment(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponseBase:
    """Answer with the part, or with 304 where nothing of it has changed."""
    answer = render(request, template, shown)
    etag = f'"{sha256(answer.content).hexdigest()[:32]}"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=answer) or answer
