"""What every template may use without being handed it."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from markupsafe import Markup

from passport.web.kit import pictures
from passport.web.kit.static import static


def page_globals(language: str) -> Mapping[str, object]:
    """The names, for the templates of one language."""
    names: dict[str, Callable[..., object] | object] = {
        "language": language,
        "direction": "rtl" if translation.get_language_info(language)["bidi"] else "ltr",
        "languages": [(code, str(own_name)) for code, own_name in settings.LANGUAGES],
        "own_name": own_name,
        "static": static,
        "url": url,
        "icon": icon,
        "query": query,
        "avatar_key": pictures.avatar_key,
        "avatar_name": lambda key: translation.gettext(pictures.AVATARS[key]),
        "code_keys": list(pictures.CODES),
        "code_name": lambda key: translation.gettext(pictures.CODES[key]),
    }
    return names


def own_name(code: str) -> str:
    """What a language calls itself; its code where nobody here knows."""
    ours = dict(settings.LANGUAGES)
    try:
        return str(ours.get(code) or translation.get_language_info(code)["name_local"])
    except KeyError:
        return code


NIL = UUID(int=0)


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    if len(args) == 1 and isinstance(args[0], UUID):
        # A list of sixty lessons would ask Django to build the same address sixty times.
        before, after = _around_id(name)
        return f"{before}{args[0]}{after}"
    return reverse(name, args=args or None, kwargs=kwargs or None)


@cache
def _around_id(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[NIL]).partition(str(NIL))
    return before, after


def query(params: QueryDict, **changes: object) -> str:
    """The page's own query string with some values changed; None takes a value out."""
    changed = params.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return "?" + changed.urlencode()


@lru_cache(maxsize=256)
def icon(key: str, more: str = "") -> Markup:
    """A picture that says nothing the words beside it do not say: hidden from screen readers."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        more, static("icons.svg"), key
    )
