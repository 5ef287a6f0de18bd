"""Parcels that are changed by whoever holds real keys: opened, taken apart, put together otherwise."""

from __future__ import annotations

import io

import pyrage

from passport.kernel.chain import ROOT, entry_hash
from passport.kernel.encoding import canonical, digest
from passport.node import actions as node
from passport.node import queries as node_queries
from passport.node.models import Head, Peer, Stream, StreamKind
from passport.sync.engine import wire
from tests.simulation.nodes import Node


def opened_at(recipient: Node, file: bytes) -> wire.Opened:
    """Open a file with the recipient's own keys."""
    with recipient:
        return wire.open_file(io.BytesIO(file), node_queries.identities(), node_queries.our_names())


def payloads_of(opened: wire.Opened) -> list[bytes]:
    return [bytes(payload) for _, payload in (*opened.runs, *opened.copies, *opened.pieces)]


def signed_by(sender: Node, to: Node, manifest: wire.Manifest, payloads: list[bytes]) -> bytes:
    """Put a file together with the sender's real keys, whatever it says."""
    with sender:
        signature = node.sign(wire.PURPOSE, canonical(manifest))
        recipient = Peer.objects.get(key=to.key).recipient
    return wire.write_file(manifest, signature, payloads, recipient)


def our_recipient() -> pyrage.x25519.Recipient:
    """Return a key to which anybody may seal files for the node at hand."""
    return node_queries.identities()[0].to_public()


def enveloped(
    file: bytes, recipient: pyrage.x25519.Recipient, frames: list[tuple[bytes, bytes]]
) -> bytes:
    """Put frames into an envelope, as anybody can, behind the clear line of a file."""
    body = b"".join(kind + len(payload).to_bytes(4, "big") + payload for kind, payload in frames)
    line = wire.read_clear_line(io.BytesIO(file))
    envelope = pyrage.encrypt(body, [recipient])
    line.size = len(envelope)
    return canonical(line) + b"\n" + envelope


def frames_of(file: bytes, identities: list[pyrage.x25519.Identity]) -> list[tuple[bytes, bytes]]:
    """Take a file's frames out of its envelope."""
    body = pyrage.decrypt(file.partition(b"\n")[2], identities)
    return [(kind, bytes(payload)) for kind, payload in wire._frames(memoryview(body))]


def frames_at(recipient: Node, file: bytes) -> list[tuple[bytes, bytes]]:
    with recipient:
        return frames_of(file, node_queries.identities())


def one_entry(
    origin: str, stream: str, kind: str, body: object, after: tuple[int, bytes] = (0, ROOT)
) -> tuple[wire.RunLine, bytes]:
    """Make a run of one entry, whose chain holds, behind the entry with this number and hash."""
    hlc, text = 1 << 56, canonical(body)
    payload = wire.pack(b'[%d,"%s",%s]' % (hlc, kind.encode(), text))
    seq, prev = after[0] + 1, after[1]
    head = entry_hash(
        origin=origin, stream=stream, seq=seq, prev=prev, dep=None, hlc=hlc, kind=kind, body=text
    )
    return wire.RunLine(stream, origin, seq, seq, prev, head, digest(payload)), payload


def line_that_the_country_sealed() -> wire.RunLine:
    """Return the line of the latest entry that the country has sealed, as the node at hand holds it."""
    head = Head.objects.filter(
        stream__kind=StreamKind.COUNTRY, origin__ours=False, seal__isnull=False
    ).latest("sealed_seq")
    assert head.seal is not None
    assert head.sealed_seq == head.seq
    at, stream, origin = head.seq, Stream.country().wire, head.origin.wire
    return wire.RunLine(stream, origin, at, at, ROOT, bytes(head.hash), b"", seal=bytes(head.seal))
