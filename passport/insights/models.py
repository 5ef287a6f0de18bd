"""The roll-up of figures. Local: it never leaves this machine, and is counted again at will."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Sex(models.TextChoices):
    """What figures are told by. Not saying is an answer that reports show (R103)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNSAID = "unsaid"


class Month(models.Model):
    """How much of one figure came in one month, at one site, by one sex."""

    indicator = models.CharField(max_length=40)
    """An id in `indicators.toml`."""
    month = models.DateField()
    """Its first day, by the country's calendar."""
    site = models.UUIDField(null=True)
    """Where; None for what belongs to no site."""
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    """"" for figures that aren't about people."""
    value = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["indicator", "month"], name="insights_by_month"),
            models.Index(fields=["indicator", "site", "sex", "value"], name="insights_by_site"),
        ]


class Frozen(models.Model):
    """What people who were erased had added to a figure: totals stay, nothing tells of whom."""

    indicator = models.CharField(max_length=40)
    month = models.DateField()
    site = models.UUIDField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    value = models.BigIntegerField()


class Counted(models.Model):
    """When the figures were last counted. One row."""

    at = models.DateTimeField()
