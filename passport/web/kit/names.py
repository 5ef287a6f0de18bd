"""What every template may use without being handed it."""

from collections.abc import Callable, Mapping

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


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def query(params: QueryDict, **changes: object) -> str:
    """The page's own query string with some values changed; None takes a value out."""
    changed = params.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return "?" + changed.urlencode()


def icon(key: str, more: str = "") -> Markup:
    """A picture that says nothing the words beside it do not say: hidden from screen readers."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        more, static("icons.svg"), key
    )
