"""The sentences that people are told about parcels, in their language; the web and the command share them."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from passport.kernel.errors import PassportError
from passport.sync.actions import Taken
from passport.sync.policies import Fate
from passport.sync.queries import Underway

KILO = 1000
TWO_FIGURES = 10


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
    """Say that files for others are carried on."""
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


def state(underway: Underway) -> str:
    """Say what is *saved here* and not yet *safe in the country*."""
    if not underway.events:
        return _("Everything is safe in the country.")
    if underway.answers:
        answers = ngettext("%(n)d answer", "%(n)d answers", underway.answers) % {
            "n": underway.answers
        }
    else:  # something was read or heard, and no question asked
        answers = ngettext("%(n)d change", "%(n)d changes", underway.events) % {
            "n": underway.events
        }
    learners = ngettext("from %(n)d learner", "from %(n)d learners", underway.people) % {
        "n": underway.people
    }
    return _("Saved here, not yet safe in the country: %(answers)s %(learners)s.") % {
        "answers": answers,
        "learners": learners,
    }


def arrived(before: Underway, after: Underway) -> str:
    """Say what a receipt has made safe; "" for nothing."""
    safe = before.answers - after.answers
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


def _moment(at: datetime) -> str:
    return str(formats.date_format(timezone.localtime(at), "DATETIME_FORMAT"))
