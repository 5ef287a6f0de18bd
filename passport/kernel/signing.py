"""Who said it: Ed25519 signatures (RFC 8032) by PyNaCl."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey


def new_seed() -> bytes:
    """Make the 32 secret bytes that a node's signing key grows from."""
    return bytes(SigningKey.generate())


def public_key(seed: bytes) -> bytes:
    """Return the 32 public bytes that belong to a seed; a node's identity."""
    return bytes(SigningKey(seed).verify_key)


def sign(seed: bytes, purpose: str, message: bytes) -> bytes:
    """Sign a message for one purpose; a signature for one purpose is worthless for another."""
    return SigningKey(seed).sign(purpose.encode() + b"\0" + message).signature


def verifies(key: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    """Tell whether the owner of `key` signed this message for this purpose."""
    try:
        VerifyKey(key).verify(purpose.encode() + b"\0" + message, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
