"""Tables of the register of hubs."""

from __future__ import annotations

from typing import ClassVar

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


class ClockNote(models.Model):
    """Something that a hub found out of its own clock: projection of `clock.noted`. Times in ms."""

    id = models.UUIDField(primary_key=True)
    origin = models.CharField(max_length=81)
    """The hub and its incarnation, as on the wire."""
    boot = models.BigIntegerField()
    """How many starts and leaps the hub had seen."""
    node = models.BigIntegerField()
    """Node time at the hub."""
    wall = models.BigIntegerField()
    """What its wall clock claimed."""
    running = models.BigIntegerField()
    """How long it had run in all."""
    source = models.CharField(max_length=8)
    """A value of `engine.timeline.Source`."""
    reference = models.BigIntegerField()
    """What it was by the source; of a leap, node time just before it; of a start, the wall clock."""
    devices = models.IntegerField(default=0)
    """Of "devices": how many agreed."""
    trip = models.BigIntegerField(default=0)
    """Of "country": how long question and answer were under way."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["origin", "boot"], name="fleet_clock_note_origin"),
        ]


class Arrival(models.Model):
    """A hub's parcel came: what its clock said at the making, and ours at the taking. Stays here. In ms."""

    origin = models.CharField(max_length=81)
    made = models.BigIntegerField()
    at = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["origin", "made"], name="fleet_arrival_origin"),
        ]
