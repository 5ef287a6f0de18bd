"""What a media file really is: by its first bytes, not by its name. Threats T7 and T8.

The extension says what the author means it to be; the content must agree, and only kinds that a
browser plays safely are known at all.

The libraries that open pictures and documents are imported where they do it: a hub that serves
learners never does, and they would cost it 15 MB and half a second at every start.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

import msgspec
import py_svg_hush
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_noop as _

from passport.library.engine.duration import seconds_of
from passport.library.engine.limits import Limits
from passport.library.engine.problems import Report


class Form(StrEnum):
    """What a file is for."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    CAPTIONS = "captions"


class _Known(NamedTuple):
    form: Form
    media_type: str
    magic: re.Pattern[bytes]
    extension: str


def _known(form: Form, media_type: str, magic: bytes, extension: str) -> _Known:
    return _Known(form, media_type, re.compile(magic, re.DOTALL), extension)


_MP3: Final = rb"ID3|\xff[\xe2-\xff]"
_OGG: Final = rb"OggS"
_MP4: Final = rb"....ftyp"
_JPEG: Final = _known(Form.IMAGE, "image/jpeg", rb"\xff\xd8\xff", "jpg")
KNOWN: Final[dict[str, _Known]] = {
    "png": _known(Form.IMAGE, "image/png", rb"\x89PNG\r\n\x1a\n", "png"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": _known(Form.IMAGE, "image/gif", rb"GIF8[79]a", "gif"),
    "webp": _known(Form.IMAGE, "image/webp", rb"RIFF....WEBP", "webp"),
    "svg": _known(Form.IMAGE, "image/svg+xml", rb"(?:\xef\xbb\xbf)?\s*<", "svg"),
    "mp3": _known(Form.AUDIO, "audio/mpeg", _MP3, "mp3"),
    "ogg": _known(Form.AUDIO, "audio/ogg", _OGG, "ogg"),
    "oga": _known(Form.AUDIO, "audio/ogg", _OGG, "ogg"),
    "opus": _known(Form.AUDIO, "audio/ogg", _OGG, "ogg"),
    "m4a": _known(Form.AUDIO, "audio/mp4", _MP4, "m4a"),
    "wav": _known(Form.AUDIO, "audio/wav", rb"RIFF....WAVE", "wav"),
    "mp4": _known(Form.VIDEO, "video/mp4", _MP4, "mp4"),
    "webm": _known(Form.VIDEO, "video/webm", rb"\x1a\x45\xdf\xa3", "webm"),
    "pdf": _known(Form.DOCUMENT, "application/pdf", rb".{0,1019}%PDF-", "pdf"),
    "vtt": _known(Form.CAPTIONS, "text/vtt", rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)", "vtt"),
}
_PILLOW_FORMAT: Final = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP"}
_HEAD: Final = 1024
_DEEPEST: Final = 64
"""Elements of a drawing inside one another."""
_SVG_TAG: Final = "{http://www.w3.org/2000/svg}svg"
_ACTIVE_SVG: Final = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe)|\son\w+\s*=|javascript:|https?://(?!www\.w3\.org/)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was looked at and found to be what it says.

    `width` and `height` are in pixels, `seconds` whole; each is None where it does not apply or is
    not known. `cleaned` holds the bytes to publish in place of the file's own.
    """

    form: Form
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    pages: int | None = None
    cleaned: bytes | None = None


def extension_of(name: str) -> str:
    """The extension in lower case, without its dot; "" when there is none."""
    stem, dot, extension = name.rpartition("/")[2].rpartition(".")
    return extension.lower() if dot and stem else ""


def form_of(name: str) -> Form | None:
    """What a file of this name is meant for; None when its kind is not known here."""
    known = KNOWN.get(extension_of(name))
    return known.form if known else None


def examine(path: Path, name: str, report: Report, limits: Limits) -> Media | None:
    """Look into a file; None, with a problem reported, when it is not to be published."""
    known = KNOWN.get(extension_of(name))
    if known is None:
        report.error(name, 0, _("Files of this kind can't be part of a course."))
        return None
    size = path.stat().st_size
    if size > limits.file:
        report.error(name, 0, _("This file is larger than a course may hold."))
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not known.magic.match(head):
        report.error(
            name, 0, _("This is not a %(kind)s file, whatever its name says."), kind=known.extension
        )
        return None
    media = Media(form=known.form, media_type=known.media_type, extension=known.extension)
    look = _drawing if known.extension == "svg" else _LOOKS[known.form]
    return look(media, path, name, report, limits)


def _picture(media: Media, path: Path, name: str, report: Report, limits: Limits) -> Media | None:
    from PIL import ExifTags, Image  # noqa: PLC0415 - see the top of this file

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our cap is lower
            with Image.open(path, formats=[_PILLOW_FORMAT[media.extension]]) as image:
                width, height = image.size
                if width * height > limits.pixels:
                    report.error(name, 0, _("This picture has too many pixels; make it smaller."))
                    return None
                tells_place = ExifTags.IFD.GPSInfo in image.getexif()
                image.load()
    except Exception:  # noqa: BLE001 - a hostile picture may raise anything inside its decoder
        report.error(name, 0, _("This picture is damaged."))
        return None
    if tells_place:
        report.warning(
            name, 0, _("This photo says where it was taken; remove that before publishing it.")
        )
    if path.stat().st_size > limits.heavy_picture:
        report.warning(name, 0, _("This picture is heavy for a phone; make it smaller."))
    return msgspec.structs.replace(media, width=width, height=height)


def _drawing(media: Media, path: Path, name: str, report: Report, limits: Limits) -> Media | None:
    if path.stat().st_size > limits.drawing:
        report.error(name, 0, _("This drawing is too large."))
        return None
    source = path.read_bytes()
    try:
        root = ElementTree.fromstring(source, forbid_entities=True, forbid_external=True)
        if _is_too_deep(root):  # each level indents what is written: depth is squared
            report.error(name, 0, _("This drawing is nested too deeply."))
            return None
        cleaned = py_svg_hush.filter_svg(source, {"image": ["png", "jpeg", "gif", "webp"]})
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError, LookupError):
        report.error(name, 0, _("This drawing can't be read as SVG."))
        return None
    if root.tag != _SVG_TAG:
        report.error(name, 0, _("This drawing can't be read as SVG."))
        return None
    if _ACTIVE_SVG.search(source):
        report.warning(name, 0, _("Scripts and outside addresses were taken out of this drawing."))
    width, height = _drawing_size(root.attrib)
    return msgspec.structs.replace(media, width=width, height=height, cleaned=cleaned)


def _is_too_deep(root: Element) -> bool:
    level, depth = [root], 0
    while level and depth <= _DEEPEST:
        level = [child for element in level for child in element]
        depth += 1
    return bool(level)


def _drawing_size(attributes: dict[str, str]) -> tuple[int | None, int | None]:
    lengths = [_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height")]
    if all(lengths):
        width, height = (round(float(length[1])) for length in lengths if length)
    else:
        box = attributes.get("viewBox", "").replace(",", " ").split()
        try:
            width, height = (round(float(each)) for each in box[2:4])
        except (ValueError, OverflowError):
            return None, None
    return (width, height) if 0 < width < 10**5 and 0 < height < 10**5 else (None, None)


def _recording(
    media: Media, path: Path, _name: str, _report: Report, _limits: Limits
) -> Media | None:
    return msgspec.structs.replace(media, seconds=seconds_of(path, media.extension))


def _document(media: Media, path: Path, name: str, report: Report, _limits: Limits) -> Media | None:
    from pypdf import PdfReader  # noqa: PLC0415 - see the top of this file

    try:
        with path.open("rb") as file:
            reader = PdfReader(BytesIO(file.read()))
            locked = reader.is_encrypted and not reader.decrypt("")
            pages = 0 if locked else len(reader.pages)
    except Exception:  # noqa: BLE001 - a hostile PDF may raise anything at all inside the parser
        report.error(name, 0, _("This PDF can't be read."))
        return None
    if locked:
        report.error(name, 0, _("This PDF is locked with a password."))
        return None
    if not pages:
        report.error(name, 0, _("This PDF has no pages."))
        return None
    return msgspec.structs.replace(media, pages=pages)


def _captions(media: Media, path: Path, name: str, report: Report, limits: Limits) -> Media | None:
    try:
        fits = path.stat().st_size <= limits.text
        if fits:
            path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        report.error(name, 0, _("This file is not in UTF-8."))
        return None
    if not fits:
        report.error(name, 0, _("This file is larger than a course may hold."))
        return None
    return media


_LOOKS: Final[dict[Form, Callable[[Media, Path, str, Report, Limits], Media | None]]] = {
    Form.IMAGE: _picture,
    Form.AUDIO: _recording,
    Form.VIDEO: _recording,
    Form.DOCUMENT: _document,
    Form.CAPTIONS: _captions,
}
