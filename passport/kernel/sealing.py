"""Who may read it: XChaCha20-Poly1305 under a 32-byte key, by PyNaCl (libsodium).

The long nonce is random, so two nodes that seal under the same key never need to agree on a counter.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import pyrage
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from passport.kernel.errors import Damaged

KEY_BYTES = 32
BLIND_BYTES = 16


def new_key() -> bytes:
    """Make a key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Seal bytes; `context` says where they belong, so that a sealed value can't be moved elsewhere."""
    return bytes(Aead(key).encrypt(plaintext, context))


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what `seal` made. Raises `Damaged` for another key, another place or a changed byte."""
    try:
        return Aead(key).decrypt(sealed, context)
    except (CryptoError, ValueError, TypeError) as problem:
        raise Damaged("This was sealed for somebody else, or has been changed.") from problem


def blind(key: bytes, purpose: str, text: str) -> bytes:
    """Return a value by which equal texts can be found again, and which tells nothing without the key."""
    return hmac.digest(key, f"{purpose}\0{text}".encode(), hashlib.sha256)[:BLIND_BYTES]


def is_recipient(text: str) -> bool:
    """Tell whether something can be sealed to this (age, X25519)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True
