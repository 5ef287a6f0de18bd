"""What the page of a quiz shows: questions in the attempt's order, what was answered, results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from passport.kernel.actor import Actor
from passport.learning.queries import AttemptRecord, answers_of, attempt
from passport.library.queries import LessonContent, Quiz, quiz_in_language

SHUFFLED = frozenset({"one", "several"})
"""Kinds whose choices change places; order and match are mixed when they are published."""


def shown(by: Actor, content: LessonContent, quiz: Quiz, wished: str) -> dict[str, Any]:
    """The open attempt, or, where `wished` names one that was handed in, what became of it."""
    finished = _finished(by, content.id, wished)
    if finished is not None:
        said = {answer.question: answer.response for answer in finished.answers}
        marks = {answer.question: answer.mark for answer in finished.answers}
        return {
            "attempt": finished.id,
            "result": finished,
            "closed": False,
            "quiz": quiz.show,
            "keys": "{}",
            "noted": "{}",
            "questions": _questions(content, quiz, _seed(finished.id), said, marks),
        }
    now = attempt(by, content.id, content.version)
    at_once = quiz.show.feedback == "at once"
    known = now.marks if at_once else {}
    return {
        "attempt": now.id,
        "result": None,
        "closed": now.left == 0,
        "quiz": quiz.show,
        # Whoever gets feedback at once could try every answer anyway; a test keeps its key.
        "keys": _keys(quiz, content.language) if at_once else "{}",
        "noted": json.dumps({name: known.get(name, -1) for name in now.answers}),
        "questions": _questions(content, quiz, now.seed, now.answers, known),
    }


def _seed(attempt_id: UUID) -> int:
    return int.from_bytes(attempt_id.bytes[-4:])


def _finished(by: Actor, lesson: UUID, wished: str) -> AttemptRecord | None:
    if not wished or by.person is None:
        return None
    records = answers_of(by, by.person, lesson)
    return next(
        (one for one in records if one.id.hex == wished and one.handed_in is not None), None
    )


def _questions(
    content: LessonContent,
    quiz: Quiz,
    seed: int,
    said: Mapping[str, Any],
    marks: Mapping[str, int | None],
) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = quiz_in_language(quiz, content.language)["questions"]
    chance = Random(seed)  # noqa: S311 - an order to show things in is no secret
    if quiz.show.shuffle:
        chance.shuffle(questions)
    for question in questions:
        if quiz.show.shuffle and question["kind"] in SHUFFLED:
            chance.shuffle(question["choices"])
        name = question["id"]
        question["given"] = said.get(name)
        question["mark"] = marks.get(name)
        explain = quiz.key[name].explain
        question["explain"] = explain.get(content.language) or next(iter(explain.values()), "")
    return questions


def _keys(quiz: Quiz, language: str) -> str:
    keys = {}
    for question in quiz.show.questions:
        answer = quiz.key[question.id]
        keys[question.id] = {
            **msgspec.to_builtins(answer),
            "explain": answer.explain.get(language) or next(iter(answer.explain.values()), ""),
            "pairs": [side.id for side in question.left],
        }
    return json.dumps(keys, ensure_ascii=False)
