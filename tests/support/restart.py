"""A node that was switched off and on again, as far as one process can play it."""

from __future__ import annotations


def restart() -> None:
    """Let go of what only a running process knows: the secrets, who signed in, wrong attempts."""
    from passport.node.engine import keyring
    from tests.world import forget

    keyring.forget()
    forget()


def make_keys_cheap(monkeypatch: object) -> None:
    """Let a password become a key at no cost: tests make many."""
    from passport.node.engine import keyfile

    monkeypatch.setattr(keyfile, "MEMORY_KB", 8)  # type: ignore[attr-defined]
    monkeypatch.setattr(keyfile, "PASSES", 1)  # type: ignore[attr-defined]
