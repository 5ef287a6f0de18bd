"""The sentences that people are told about parcels, in their language; the web and the command share them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from passport.sync.actions import Taken
from passport.sync.engine.taking import Fate

KILO = 1000


def size_in_words(size: int) -> str:
    """Return 1,400,000 as `1.4 MB`."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < KILO or unit == "GB":
            return f"{size:.0f} {unit}" if unit in {"B", "KB"} else f"{size:.1f} {unit}"
        size = size / KILO  # type: ignore[assignment]
    raise AssertionError


def made(name: str, files: int, size: int, *, more: bool) -> str:
    """Say what was made, and whether something had to stay behind."""
    said = ngettext(
        "%(files)d parcel file for %(name)s, %(size)s.",
        "%(files)d parcel files for %(name)s, %(size)s together.",
        files,
    ) % {"files": files, "name": name, "size": size_in_words(size)}
    return f"{said} {_('There was more than fits; the rest goes next time.')}" if more else said


def taken(result: Taken) -> list[str]:
    """Say what a hand-in came to: one sentence for what was used, one for each file that was not."""
    lines = [used(result)] if result.peer is not None else []
    for name, refusal in result.refused:
        reason = _(refusal.message) % refusal.params if refusal.params else _(refusal.message)
        lines.append(f"{name}: {reason}" if name else reason)
    return lines


def used(result: Taken) -> str:
    """Say in one sentence what came: "Mango School: 412 new answers from 38 learners; nothing lost"."""
    assert result.peer is not None
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
        parts.append(ngettext("%(n)d change", "%(n)d changes", tally.entries) % {"n": tally.entries})
    if tally.courses:
        parts.append(
            ngettext("%(n)d new course", "%(n)d new courses", tally.courses) % {"n": tally.courses}
        )
    if not parts:
        parts.append(_("nothing new"))
    parts.append(_outcome(result))
    return f"{result.peer.name}: {'; '.join(parts)}"


def _outcome(result: Taken) -> str:
    aside = result.tally.had(Fate.QUARANTINED)
    if aside:
        return ngettext(
            "%(n)d part was set aside because this hub may not send it",
            "%(n)d parts were set aside because this hub may not send them",
            aside,
        ) % {"n": aside}
    if result.cut_short:
        return _("a part was damaged on the way: what was whole is used, please carry the rest again")
    if result.tally.had(Fate.PARKED):
        return _("a part waits for an earlier parcel that is still on its way")
    return _("nothing lost")


def exchanged(result: Taken) -> str:
    """Say what an exchange over the network came to."""
    return used(result)
