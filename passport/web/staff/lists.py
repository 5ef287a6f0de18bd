"""Steps through long lists."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from passport.web.kit.formats import number

LONGEST = 8


def number_in(request: HttpRequest, name: str = "page") -> int:
    """Read a number from the address; 1 where it isn't one."""
    text = request.GET.get(name, "1")
    return int(text) if text.isdecimal() and len(text) <= LONGEST else 1


def steps(request: HttpRequest, place: int, pages: int, total: int) -> dict[str, str]:
    """Say where in a long list a page is, and what stands before and after it."""

    def there(other: int) -> str:
        changed = request.GET.copy()
        changed["page"] = str(other)
        return "?" + changed.urlencode()

    counted = ngettext("%(n)s in all", "%(n)s in all", total) % {"n": number(total)}
    where = _("Page %(number)s of %(pages)s") % {"number": number(place), "pages": number(pages)}
    return {
        "before": there(place - 1) if place > 1 else "",
        "after": there(place + 1) if place < pages else "",
        "words": f"{where} · {counted}" if pages > 1 else counted,
    }
