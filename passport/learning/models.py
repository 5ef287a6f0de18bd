"""Tables of this room, all projections of the journal: `passport rebuild` makes them again.

People, courses, versions and lessons are named by id only, without foreign keys: facts of different
streams arrive in any order.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class How(models.TextChoices):
    """How somebody came to a course."""

    STARTED = "started"
    ASSIGNED = "assigned"


class Progress(models.Model):
    """How far one person is in one lesson: the join over the person's events there, in any order.

    `state` is the join itself (`engine.state.State`); the columns are what it comes to.
    """

    person = models.UUIDField()
    lesson = models.UUIDField()
    course = models.UUIDField(null=True)
    """None while no version that the person acted in is here."""
    version = models.UUIDField()
    """The course version in which the person acted last."""
    percent = models.PositiveSmallIntegerField(default=0)
    """0-100; 100 exactly when `completed_at` is set."""
    completed_at = models.BigIntegerField(null=True)
    """When the rule of the lesson's kind was met, in ms since 1970 by the device's clock."""
    spent = models.BigIntegerField(default=0)
    """Active time in ms."""
    opens = models.IntegerField(default=0)
    views = models.IntegerField(default=0)
    """Pages seen to their end, each time counted."""
    answers = models.IntegerField(default=0)
    answer_ms = models.BigIntegerField(default=0)
    """Response time, summed over the answers, in ms."""
    attempts = models.IntegerField(default=0)
    """Quiz attempts handed in."""
    failed = models.IntegerField(default=0)
    """Those of them that didn't pass."""
    best = models.PositiveSmallIntegerField(null=True)
    """The best score of an attempt that was handed in, 0-100."""
    place = models.IntegerField(default=0)
    """Where to go on: the page or second at which the person was last."""
    last_at = models.BigIntegerField(default=0)
    """The latest act, in ms since 1970 by the device's clock."""
    stamp = models.BigIntegerField(default=0)
    """The latest act in the journal's order."""
    waits_for = models.UUIDField(null=True)
    """A version that the person acted in and that isn't here yet; `settle` looks again."""
    state = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "lesson"], name="learning_progress_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["waits_for"],
                name="learning_progress_waits",
                condition=models.Q(waits_for__isnull=False),
            ),
        ]


class Enrolment(models.Model):
    """A person is in a course: since they first acted there, or since it was given to them."""

    id = models.UUIDField(primary_key=True)
    """Derived from person and course: two nodes note it once."""
    person = models.UUIDField()
    course = models.UUIDField()
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.BigIntegerField()
    """When, in ms since 1970 by the clock of the node that saw it first."""
    stamp = models.BigIntegerField()
    """Of two nodes' notes the one with the smaller (stamp, origin) counts."""
    origin = models.CharField(max_length=81)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], name="learning_enrolment_person"),
            models.Index(fields=["course", "at"], name="learning_enrolment_course"),
        ]


class Completion(models.Model):
    """A person has completed a version of a course. No later edit takes that away (C47, R086)."""

    id = models.UUIDField(primary_key=True)
    """Derived from person, course and version: exactly once, whoever notes it."""
    person = models.UUIDField()
    course = models.UUIDField()
    version = models.UUIDField()
    at = models.BigIntegerField()
    """When the last lesson was done, in ms since 1970; of two nodes' notes the earlier counts."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], name="learning_completion_person"),
            models.Index(fields=["at"], name="learning_completion_at"),
        ]


class Assignment(models.Model):
    """A course given to a class, or to one person."""

    id = models.UUIDField(primary_key=True)
    course = models.UUIDField()
    site = models.UUIDField()
    group = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    at = models.BigIntegerField()
    """When, in ms since 1970."""
    by = models.UUIDField(null=True)
    """Who gave it; None when the machine did."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["group"], name="learning_assignment_group"),
            models.Index(fields=["person"], name="learning_assignment_person"),
        ]


class AssignmentEnd(models.Model):
    """An assignment taken back. It may arrive before the assignment itself."""

    assignment = models.UUIDField(primary_key=True)
    at = models.BigIntegerField()
