"""Tables of this room: who has confirmed that a person is forgotten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Confirmation(models.Model):
    """A node's signed word that nothing of an erased person is left there: `erasure.confirmed`."""

    person = models.UUIDField()
    """A random id that names nobody any more."""
    node = models.CharField(max_length=64)
    """The key of the node, in hex."""
    at = models.DateTimeField()
    """When it was noted there, by that node's clock."""
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "node"], name="privacy_confirmed_once"),
        ]
