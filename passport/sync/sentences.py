"""The sentences that people are told about parcels, in their language; the web and the command share them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import ngettext

from passport.kernel.errors import PassportError
from passport.node.models import StreamKind
from passport.sync.actions import Taken
from passport.sync.policies import Fate
from passport.sync.queries import Underway, Work

KILO = 1000
TWO_FIGURES = 10
SET_ASIDE = (
    n_("The country has revoked this hub."),
    n_("It speaks in the name of another node."),
    n_("Only the country writes in the country's stream."),
    n_("Only the country writes %(kind)s."),
    n_("It isn't granted this stream."),
    n_("Its stamps lie beyond all time."),
    n_("%(kind)s doesn't belong in this stream."),
    n_("It claims a custody that the country didn't give it."),
    n_("Its history forks: two machines write under one name."),
)
"""Why something is set aside, as `policies` and `engine.taking` give the reason."""


def size_in_words(size: int) -> str:
    """Return 1,400,000 as `1.4 MB`, in the reader's language."""
    value, unit = size / KILO, _("kB")
    for larger in (_("MB"), _("GB")):
        if value >= KILO:
            value, unit = value / KILO, larger
    return f"{number_format(value, 1 if value < TWO_FIGURES else 0)} {unit}"


def made(name: str, files: int, size: int, *, more: bool = False) -> str:
    """Say what was made, and whether something had to stay behind."""
    said = ngettext(
        "%(files)d parcel file for %(name)s, %(size)s.",
        "%(files)d parcel files for %(name)s, %(size)s together.",
        files,
    ) % {"files": files, "name": name, "size": size_in_words(size)}
    return f"{said} {more_to_send()}" if more else said


def more_to_send() -> str:
    """Say that a budget was too small."""
    return _("There was more than fits; the rest goes next time.")


def taken(result: Taken) -> list[str]:
    """Say what a hand-in came to: one sentence for what was used, one for each file that was not."""
    lines = [used(result)] if result.peer is not None else []
    if result.carried:
        lines.append(carried(result.carried))
    for name, refusal in result.refused:
        lines.append(f"{name}: {refused(refusal)}" if name else refused(refusal))
    return lines


def carried(files: int) -> str:
    """Say that files for others are carried on; "" for none."""
    if not files:
        return ""
    return ngettext(
        "%(n)d file for another place is kept here and carried on, unopened.",
        "%(n)d files for other places are kept here and carried on, unopened.",
        files,
    ) % {"n": files}


def handed_on(files: int) -> str:
    """Say that files for others go along."""
    return ngettext(
        "%(n)d file for another place goes along, unopened.",
        "%(n)d files for other places go along, unopened.",
        files,
    ) % {"n": files}


def refused(refusal: PassportError) -> str:
    """Say why something was refused."""
    return _(refusal.message) % refusal.params if refusal.params else _(refusal.message)


def used(result: Taken, *, to_carry_back: int = 0) -> str:
    """Say in one sentence what came of it.

    "Mango School: 412 new answers from 38 learners; nothing lost; 3 courses to carry back".
    """
    tally = result.tally
    parts = []
    if tally.answers:
        parts.append(
            ngettext("%(n)d new answer", "%(n)d new answers", tally.answers) % {"n": tally.answers}
            + " "
            + ngettext("from %(n)d learner", "from %(n)d learners", len(tally.people))
            % {"n": len(tally.people)}
        )
    elif tally.entries:
        parts.append(
            ngettext("%(n)d change", "%(n)d changes", tally.entries) % {"n": tally.entries}
        )
    if tally.courses:
        parts.append(
            ngettext("%(n)d new course", "%(n)d new courses", tally.courses) % {"n": tally.courses}
        )
    if tally.content and not tally.courses:
        parts.append(_("%(size)s of course content") % {"size": size_in_words(tally.content)})
    if not parts:
        parts.append(_("nothing new"))
    if tally.no_room:
        parts.append(
            ngettext(
                "the disk is too full for %(n)d file of the courses: please make room",
                "the disk is too full for %(n)d files of the courses: please make room",
                len(tally.no_room),
            )
            % {"n": len(tally.no_room)}
        )
    parts.append(_outcome(result))
    if to_carry_back:
        parts.append(
            ngettext("%(n)d course to carry back", "%(n)d courses to carry back", to_carry_back)
            % {"n": to_carry_back}
        )
    name = result.peer.name if result.peer is not None else ""
    return f"{name}: {_('; ').join(parts)}"


def _outcome(result: Taken) -> str:
    aside = result.tally.had(Fate.QUARANTINED)
    if aside:
        return ngettext(
            "%(n)d part was set aside because this hub may not send it",
            "%(n)d parts were set aside because this hub may not send them",
            aside,
        ) % {"n": aside}
    if result.cut_short:
        return _(
            "a part was damaged on the way: what was whole is used, please carry the rest again"
        )
    if result.tally.had(Fate.PARKED):
        return _("a part waits for an earlier parcel that is still on its way")
    return _("nothing lost")


def state(underway: Underway) -> list[str]:
    """Say what is safe, what is on its way in which parcel, and what lies here: each in a sentence.

    *Safe* is said of what came back receipted and of nothing else.
    """
    said = []
    if underway.safe.answers and underway.waiting.events:
        said.append(
            ngettext(
                "%(answers)s %(learners)s is safe in the country.",
                "%(answers)s %(learners)s are safe in the country.",
                underway.safe.answers,
            )
            % _amount(underway.safe)
        )
    if underway.left is not None:
        left = underway.left
        words = {"parcel": short_name(left.parcel), "day": _day(left.at), **_amount(left.work)}
        said.append(
            ngettext(
                "%(answers)s %(learners)s left with parcel %(parcel)s on %(day)s and isn't confirmed yet.",
                "%(answers)s %(learners)s left with parcel %(parcel)s on %(day)s and aren't confirmed yet.",
                left.work.answers or left.work.events,
            )
            % words
        )
    if underway.here.events:
        said.append(
            _("Saved here, not yet safe in the country: %(answers)s %(learners)s.")
            % _amount(underway.here)
        )
    return said if underway.waiting.events else [_all_safe(underway.safe)]


def _all_safe(safe: Work) -> str:
    everything = _("Everything is safe in the country.")
    if not safe.answers:
        return everything
    return everything + " " + _("%(answers)s %(learners)s in all.") % _amount(safe)


def _amount(work: Work) -> dict[str, str]:
    """Say how much it is, as a subject: "31 answers", "from 6 learners"."""
    if work.answers:
        what = ngettext("%(n)d answer", "%(n)d answers", work.answers) % {"n": work.answers}
    else:  # something was read or heard, and no question asked
        what = ngettext("%(n)d change", "%(n)d changes", work.events) % {"n": work.events}
    who = ngettext("from %(n)d learner", "from %(n)d learners", work.people) % {"n": work.people}
    return {"answers": what, "learners": who}


def short_name(parcel: UUID) -> str:
    """Return the end of a parcel's id, which its files' names hold too: a name for talking of it."""
    return parcel.hex[-4:].upper()


def arrived(before: Underway, after: Underway) -> str:
    """Say what a receipt has made safe; "" for nothing."""
    safe = before.waiting.answers - after.waiting.answers
    if safe <= 0:
        return ""
    return ngettext(
        "%(n)d answer is now safe in the country.",
        "%(n)d answers are now safe in the country.",
        safe,
    ) % {"n": safe}


def oldest(since: datetime | None) -> str:
    """Say how long the oldest of it has been waiting; "" for nothing."""
    return "" if since is None else _("Waiting since: %(when)s") % {"when": _moment(since)}


def heard(at: datetime | None) -> str:
    """Say when the country was last heard from."""
    if at is None:
        return _("Nothing heard from the country yet")
    return _("Last heard from the country: %(when)s") % {"when": _moment(at)}


def stream_in_words(kind: StreamKind | None) -> str:
    """Say what streams of a kind are about."""
    words = {
        StreamKind.COUNTRY: _("The country"),
        StreamKind.SITE: _("Sites"),
        StreamKind.PERSON: _("People"),
    }
    return words[kind] if kind else _("Unknown")


def why_set_aside(reason: str) -> str:
    """Say in the reader's language why something was set aside."""
    for sentence in SET_ASIDE:
        head, named, tail = sentence.partition("%(kind)s")
        if not named and reason == sentence:
            return _(sentence)
        kind = reason.removeprefix(head).removesuffix(tail)
        if named and f"{head}{kind}{tail}" == reason:
            return _(sentence) % {"kind": kind}
    return reason  # of another version than this


def _day(at: datetime) -> str:
    return str(formats.date_format(timezone.localtime(at), "DATE_FORMAT"))


def _moment(at: datetime) -> str:
    return str(formats.date_format(timezone.localtime(at), "DATETIME_FORMAT"))
