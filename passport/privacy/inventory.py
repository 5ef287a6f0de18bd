"""Every column of every table: personal (why, who sees it, how long, how it goes) or harmless.

A test holds this list against the models, so a new column can't be forgotten. Two rules stand behind
it: what can *name* a person is sealed under that person's own key (`SEALED`), and everything else
about a person hangs on an opaque id that names nobody by itself (`ABOUT_AN_ID`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Seen(Enum):
    """Who may see a personal value, besides the person."""

    NOBODY = "nobody; only the program compares it"
    SITE = "facilitators of the person's site"
    SITE_AND_OFFICE = (
        "facilitators of the person's site; the office, masked until opened for a reason"
    )
    COUNTED = "facilitators of the person's site; above them only as figures"
    ADMINISTRATOR = "administrators"


class Gone(Enum):
    """How a personal value is erased."""

    KEY = "unreadable once the person's key is destroyed, then deleted with the row"
    ROW = "deleted with the row"
    UNLINKED = "the id on it names nobody once the person is gone; figures keep their totals"


@dataclass(frozen=True, slots=True)
class Personal:
    """A column that says something about a person."""

    why: str
    seen: Seen
    gone: Gone
    kept: str = "as long as the person is registered"


HARMLESS = None
"""A column that says nothing about any person."""

Held = Personal | None

SEALED = Personal(
    "names, contact, user name, password and codes: to greet, to sign in, to print the card",
    Seen.SITE_AND_OFFICE,
    Gone.KEY,
)
BLIND = Personal(
    "to find a person again by name, contact or code without storing any of them in clear",
    Seen.NOBODY,
    Gone.ROW,
)
ABOUT_AN_ID = Personal("whom the row is about: a random id", Seen.COUNTED, Gone.UNLINKED)
RECORD = Personal(
    "the learning record: to go on where one left off, and to help who is stuck",
    Seen.COUNTED,
    Gone.UNLINKED,
)
MEMBERSHIP = Personal("which class and site one belongs to, since when", Seen.SITE, Gone.ROW)
STAFF_WORK = Personal(
    "who did it: staff answer for what they do", Seen.ADMINISTRATOR, Gone.UNLINKED
)
DEVICE = Personal(
    "the kind of device only (R032), to see what the pages must work on",
    Seen.NOBODY,
    Gone.ROW,
)
PRESENCE = Personal("who is here now", Seen.SITE, Gone.ROW)
TOMBSTONE = Personal(
    "so that nobody brings back who asked to be forgotten: a random id that names nobody any more",
    Seen.ADMINISTRATOR,
    Gone.UNLINKED,
    kept="for ever: it wins over every old parcel and backup",
)
JOURNAL = Personal(
    "the journal's own copy; what can name a person is sealed in it", Seen.NOBODY, Gone.KEY
)


def _harmless(*names: str) -> dict[str, Held]:
    return dict.fromkeys(names, HARMLESS)


PLACE = ("origin", "stream", "seq", "hlc", "hash", "dep", "kind")
"""Where an entry stands in the journal."""

INVENTORY: dict[str, dict[str, Held]] = {
    "node.Identity": _harmless(
        "id", "key", "incarnation", "place", "name", "made_at", "life", "awaits_erasures"
    ),
    "node.Origin": _harmless("id", "wire", "ours"),
    "node.Stream": {
        **_harmless("id", "kind", "sealed_key", "wrapped_key"),
        **_harmless("is_renewed", "renewed_for", "is_let_go", "lacks_key", "again"),
        "key": ABOUT_AN_ID,
    },
    "node.Head": _harmless(
        "id", "origin", "stream", "seq", "hash", "hlc", "seen", "moved", "sealed_seq", "seal"
    ),
    "node.Custody": {
        **_harmless("id", "epoch"),
        "person": ABOUT_AN_ID,
        "site": MEMBERSHIP,
    },
    "node.Erased": {**_harmless("at", "signature"), "person": TOMBSTONE},
    "node.Entry": {**_harmless("id", *PLACE), "body": JOURNAL},
    "node.Register": {**_harmless("id", "field", "epoch", "hlc", "origin"), "entity": ABOUT_AN_ID},
    "node.Peer": _harmless(
        "id",
        "key",
        "recipient",
        "name",
        "is_country",
        "code",
        "incarnations",
        "address",
        "last_heard",
        "version",
        "holds",
        "wants",
        "lacks",
        "base",
        "life",
        "turn",
        "lease_days",
        "lease_from",
        "mark_heard",
        "mark_taken",
        "content",
        "asks_erased",
        "told_erased",
        "calls_us",
    ),
    "node.RecipientKey": _harmless("id", "peer", "turn", "public", "secret", "is_used"),
    "node.Renewal": _harmless("old", "new", "stamp", "origin"),
    "node.Retirement": _harmless("key"),
    "node.Acknowledged": _harmless("id", "peer", "origin", "stream", "seq"),
    "node.Parked": {
        **_harmless("id", "peer", "origin", "first", "last", "parked_at"),
        "stream": ABOUT_AN_ID,
        "run": JOURNAL,
    },
    "node.Quarantined": {
        **_harmless("id", "peer", "reason", "digest", "at"),
        "what": ABOUT_AN_ID,
        "content": JOURNAL,
    },
    "node.Boot": _harmless("id", "number", "began", "before", "wall", "noted", "running"),
    "node.ParcelNote": _harmless(
        *("id", "peer", "direction", "carrier", "at", "upto"),
        *("entries", "events", "people", "blobs", "size"),
    ),
    "people.Site": _harmless("id", "name", "code", "ways", "shows_names", "language", "added_at"),
    "people.Group": _harmless("id", "site", "name", "added_at"),
    "people.Person": {
        "id": ABOUT_AN_ID,
        "registered_at": MEMBERSHIP,
        "registered_site": MEMBERSHIP,
        "site": MEMBERSHIP,
        "sex": Personal("figures by sex (R015, R103); may be left out", Seen.COUNTED, Gone.ROW),
        "avatar": Personal("the own picture, to sign in without reading", Seen.SITE, Gone.ROW),
        "one": ABOUT_AN_ID,
        "card": ABOUT_AN_ID,
        "sealed": SEALED,
        "name_blind": BLIND,
        "contact_blind": BLIND,
        "username_blind": BLIND,
        "card_blind": BLIND,
    },
    "people.NameWord": {"id": HARMLESS, "person": ABOUT_AN_ID, "word": BLIND},
    "people.RoleGrant": {
        "id": HARMLESS,
        **dict.fromkeys(("person", "role", "site", "granted_at"), STAFF_WORK),
    },
    "people.RoleEnd": dict.fromkeys(("grant", "at"), STAFF_WORK),
    "people.Membership": {
        "id": HARMLESS,
        "stamp": HARMLESS,
        "person": ABOUT_AN_ID,
        "noted_of": ABOUT_AN_ID,
        **dict.fromkeys(("site", "group", "joined_at"), MEMBERSHIP),
    },
    "people.Merger": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        "into": ABOUT_AN_ID,
        "at": MEMBERSHIP,
    },
    "people.Parting": {"merger": HARMLESS, "at": MEMBERSHIP},
    "people.Departure": dict.fromkeys(("membership", "at"), MEMBERSHIP),
    "people.SignIn": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        "way": DEVICE,
        "card": ABOUT_AN_ID,
        "started": PRESENCE,
        "last_seen": PRESENCE,
        "ended": PRESENCE,
        "device": DEVICE,
        "system": DEVICE,
    },
    "people.Held": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        **dict.fromkeys(("unsent", "told_at", "is_open", "sign_in"), PRESENCE),
        **dict.fromkeys(("device", "kind"), DEVICE),
    },
    "people.Opening": {
        "id": HARMLESS,
        "by": STAFF_WORK,
        "person": ABOUT_AN_ID,
        "reason": STAFF_WORK,
        "at": STAFF_WORK,
    },
    "library.Course": _harmless(
        "id",
        "current",
        "titles",
        "summaries",
        "category",
        "audience",
        "licence",
        "credits",
        "tags",
        "colour",
        "cover",
        "languages",
        "pinned",
        "lesson_count",
        "sort_title",
    ),
    "library.Version": _harmless(
        "id", "course", "number", "manifest", "content_digest", "published_at", "ready"
    ),
    "library.Lesson": _harmless(
        "id", "course", "slug", "position", "kind", "minutes", "titles", "content"
    ),
    "library.Blob": _harmless("sha256", "size", "media_type", "extension", "state", "looked_at"),
    "library.VersionBlob": _harmless("id", "version", "blob"),
    "library.SearchTerm": _harmless("id", "text"),
    "library.SearchDeletion": _harmless("id", "text", "term"),
    "library.SearchEntry": _harmless("id", "course", "audience", "length"),
    "library.SearchPosting": _harmless("id", "term", "entry", "weight", "lessons", "titled"),
    "records.Event": {**_harmless("id", *PLACE), "lesson": RECORD, "verb": RECORD, "body": RECORD},
    "fleet.Hub": _harmless("key", "name", "recipient", "sites", "admitted_at"),
    "fleet.Revocation": _harmless("key", "at", "why"),
    "fleet.ClockNote": _harmless(
        "id",
        "origin",
        "boot",
        "node",
        "wall",
        "running",
        "source",
        "reference",
        "devices",
        "trip",
    ),
    "fleet.Arrival": _harmless("id", "origin", "made", "at"),
    "fleet.EnrolmentCode": _harmless("id", "digest", "name", "sites", "made_at", "used_by"),
    "learning.Progress": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        **dict.fromkeys(
            (
                "lesson",
                "course",
                "version",
                "percent",
                "completed_at",
                "spent",
                "opens",
                "views",
                "answers",
                "answer_ms",
                "attempts",
                "failed",
                "best",
                "place",
                "last_at",
                "state",
            ),
            RECORD,
        ),
        "stamp": HARMLESS,
        "waits_for": HARMLESS,
    },
    "learning.Enrolment": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        **dict.fromkeys(("course", "how", "at"), RECORD),
        "stamp": HARMLESS,
        "origin": HARMLESS,
    },
    "learning.Completion": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        **dict.fromkeys(("course", "version", "at"), RECORD),
    },
    "learning.Assignment": {
        "id": HARMLESS,
        "person": ABOUT_AN_ID,
        "by": STAFF_WORK,
        **dict.fromkeys(("course", "site", "group", "at"), RECORD),
    },
    "learning.AssignmentEnd": {"assignment": HARMLESS, "at": RECORD},
    "insights.Month": _harmless("id", "indicator", "month", "site", "sex", "value"),
    "insights.Frozen": _harmless("id", "indicator", "month", "site", "sex", "value"),
    "insights.Counted": _harmless("id", "at"),
    "privacy.Confirmation": {**_harmless("id", "node", "at", "signature"), "person": TOMBSTONE},
}
"""`app.Model` → column → why it is held, or `HARMLESS`."""
