"""Tables of the register of hubs."""

from __future__ import annotations

from django.db import models

from passport.node.models import JSONColumn


class Hub(models.Model):
    """A hub that the country admitted: projection of `hub.admitted`."""

    key = models.CharField(max_length=64, primary_key=True)
    """Its Ed25519 public key in hex: the hub's identity for good."""
    name = models.CharField(max_length=200)
    recipient = models.CharField(max_length=100, default="")
    """Its age recipient when it was admitted: other hubs begin with it."""
    sites = JSONColumn(default=list)
    """The sites whose people it serves (hex ids): what it is granted follows from these."""
    admitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Revocation(models.Model):
    """The country no longer trusts a hub: it was lost or stolen. Projection of `hub.revoked`."""

    key = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)


class EnrolmentCode(models.Model):
    """A one-time code that the country put in an enrolment file. Never leaves this node."""

    digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the code; the code itself is in the file only."""
    name = models.CharField(max_length=200)
    sites = JSONColumn(default=list)
    made_at = models.DateTimeField()
    used_by = models.CharField(max_length=64, blank=True)
    """The key of the hub that used it. The same hub may present it again: its answer may have got lost."""
