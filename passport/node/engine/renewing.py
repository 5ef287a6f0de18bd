"""A country gets another key, and its hubs follow (R110).

The entry that says so is written in the old key's name, and carries the new key's signature over both:
so the old key has named its heir, and the heir is somebody who holds that key. From then on entries
are the new key's. Until the old key is retired the country holds both: it opens parcels for either,
and speaks to each hub in the name by which that hub last addressed it.

A power cut between the key file and the database leaves the file ahead; `finish` catches up.
"""

from __future__ import annotations

import fcntl
from typing import Final

import msgspec
import pyrage
from django.conf import settings

from passport.kernel.encoding import canonical
from passport.kernel.signing import new_seed, sign, verifies
from passport.node.engine.keyfile import FormerKey, KeyFile
from passport.node.errors import NotRenewed
from passport.node.models import Renewal

PURPOSE: Final = "passport renewal 1"


class NodeRenewed(msgspec.Struct):
    """`node.renewed@1`, in the country's stream, by the country in its old name. *fact* by `old`."""

    old: str
    new: str
    recipient: str
    """The age recipient in the key file that goes with the new key."""
    proof: bytes
    """The new key's signature, with purpose `passport renewal 1`, over `[old, new, recipient]`."""

    @property
    def holds(self) -> bool:
        """Tell whether the new key has agreed."""
        message = canonical([self.old, self.new, self.recipient])
        try:
            return verifies(bytes.fromhex(self.new), PURPOSE, message, self.proof)
        except ValueError:
            return False


class NodeRetired(msgspec.Struct):
    """`node.retired@1`, in the country's stream: parcels in this key's name are refused. *fact*."""

    key: str


def with_new_key(content: KeyFile) -> KeyFile:
    """Return secrets with a new key and identity; those before stand in `former`."""
    return msgspec.structs.replace(
        content,
        seed=new_seed(),
        identity=str(pyrage.x25519.Identity.generate()),
        former=(FormerKey(content.seed, content.identity), *content.former),
    )


def renewal_of(content: KeyFile) -> NodeRenewed:
    """Say that the newest former key of these secrets gives way to the present one."""
    old, new = content.former[0].public.hex(), content.public.hex()
    message = canonical([old, new, content.recipient])
    return NodeRenewed(old, new, content.recipient, sign(content.seed, PURPOSE, message))


def without_former(content: KeyFile) -> KeyFile:
    return msgspec.structs.replace(content, former=())


def present_key(key: str) -> str:
    """Follow a key over its renewals."""
    after = dict(Renewal.objects.values_list("old", "new"))
    seen: set[str] = set()
    while key in after and key not in seen:
        seen.add(key)
        key = after[key]
    return key


def former_keys(key: str) -> set[str]:
    """Return the keys that a country had before this one: what it wrote under them stays valid."""
    before = dict(Renewal.objects.values_list("new", "old"))
    found: set[str] = set()
    while (key := before.get(key, "")) and key not in found:
        found.add(key)
    return found


def check_nobody_serves() -> None:
    """Refuse while a server runs: it has the secrets in memory, and would go on under the old name."""
    lock = settings.DATA / "worker.lock"
    if not lock.exists():
        return
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotRenewed("Stop the server first: it would go on under the old key.") from None
