"""Locking: whose secrets open the key file.

A command and a server may change the slots at the same moment, so each change is a transaction that
holds this node's row; what takes time, making a key of a password, is done before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings

from passport.kernel.codes import LONG, typed_code
from passport.node.engine import writer
from passport.node.engine.keyfile import (
    KeyFile,
    SealedFile,
    Slot,
    exchange_key_file,
    new_slot,
    opened_with,
    read_key_file,
    sealed_file,
)
from passport.node.engine.keyring import hold, keyring, place_of
from passport.node.models import Identity

CODE: Final = ""
"""The holder of the slot that the printed code opens."""


def slots() -> Sequence[Slot] | None:
    """Return the ways in which the key file opens; None when it lies open."""
    file = read_key_file(settings.KEY_FILE)
    return file.slots if isinstance(file, SealedFile) else None


def seal_with(code: str) -> None:
    """Seal the key file: only a printed code opens it now, and every slot that is added."""
    content = keyring().file
    slot = new_slot(content, CODE, "", code)
    writer.in_transaction(lambda: _exchange(sealed_file(content, [slot])))


def exchange_content(content: KeyFile) -> None:
    """Write other secrets, sealed or open as the file is; the slots stay. In a transaction."""
    file = read_key_file(settings.KEY_FILE)
    _exchange(sealed_file(content, file.slots) if isinstance(file, SealedFile) else content)
    hold(content)


def leave_open() -> None:
    """Write the secrets in clear again."""
    content = keyring().file
    writer.in_transaction(lambda: _exchange(content))


def set_slot(holder: str, mark: str, secret: str) -> None:
    """Let one more secret open the key file, in the place of the holder's former one."""
    slot = new_slot(keyring().file, holder, mark, secret)
    _change(lambda other: other.holder != holder, [slot])


def keep_slots(stays: Callable[[Slot], bool]) -> int:
    """Take the slots away that may not stay; returns how many went. Works on a locked node too."""
    return _change(stays, [])


def open_by(secret: str) -> bool:
    """Open the key file for this process; tells whether a slot fits.

    Every slot is tried, so an attempt takes as long as there are slots.
    """
    file = read_key_file(settings.KEY_FILE)
    if not isinstance(file, SealedFile):
        hold(file)
        return True
    code = typed_code(secret, LONG)
    for slot in file.slots:
        given = secret if slot.holder != CODE else code
        content = None if given is None else opened_with(file, slot, given)
        if content is not None:
            hold(content)
            return True
    return False


def _change(stays: Callable[[Slot], bool], more: Sequence[Slot]) -> int:
    gone: int = writer.in_transaction(lambda: _changed(stays, more))
    return gone


def _changed(stays: Callable[[Slot], bool], more: Sequence[Slot]) -> int:
    Identity.objects.select_for_update().first()
    file = read_key_file(settings.KEY_FILE)
    if not isinstance(file, SealedFile):
        return 0
    kept = [slot for slot in file.slots if stays(slot)]
    gone = len(file.slots) - len(kept)
    if gone or more:
        _exchange(SealedFile(file.public, file.recipient, file.sealed, [*kept, *more]))
    return gone


def _exchange(content: KeyFile | SealedFile) -> None:
    """Exchange the file. The node stays the same one, though its file lies elsewhere on the disk."""
    before = place_of(settings.KEY_FILE)
    exchange_key_file(settings.KEY_FILE, content)
    Identity.objects.filter(place=before).update(place=place_of(settings.KEY_FILE))
