"""One way of writing a phone number or a mail address, so that it is found again (R105)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.conf import settings

from passport.kernel.errors import Invalid

_NOISE: Final = re.compile(r"[\s().\-/\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164: fifteen digits at most
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def normalised(contact: str) -> str:
    """Return a phone number in E.164 or a mail address in lower case; "" for nothing.

    "+233 24 412 3456", "00233244123456", "0244123456" and "٠٢٤٤١٢٣٤٥٦" are one number where the
    country's calling code is 233. Raises `Invalid`.
    """
    text = unicodedata.normalize("NFKC", contact).strip()
    if not text:
        return ""
    if "@" in text:
        if not _MAIL.fullmatch(text):
            raise Invalid("This is not a mail address: %(text)s", text=contact)
        return text.casefold()
    number = _international(_digits(text))
    if not _NUMBER.fullmatch(number):
        raise Invalid("This is not a phone number with its country code: %(text)s", text=contact)
    return number


def _digits(text: str) -> str:
    shown = _NOISE.sub("", text.replace("(0)", ""))
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in shown
    )


def _international(digits: str) -> str:
    own: str = settings.CALLING_CODE
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif own and digits.startswith("0"):
        digits = f"+{own}{digits[1:]}"
    elif own and digits.startswith(own):
        digits = "+" + digits
    elif own and digits.isdecimal():
        digits = f"+{own}{digits}"
    # "+233 0244…": the trunk zero is dialled at home only, and often written all the same.
    if own and digits.startswith(f"+{own}0"):
        digits = f"+{own}{digits[len(own) + 2 :]}"
    return digits
