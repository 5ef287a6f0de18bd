"""Answers in words: what was asked, what was said, what would have been right."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from passport.learning.queries import Answer
from passport.library import queries as library
from passport.records.facts import Response


class Told(NamedTuple):
    """One answer for a person to read. Lists have one entry for each part of the answer."""

    prompt: str
    """Clean inline HTML; "" where the quiz isn't here."""
    said: list[str]
    mark: int | None
    seconds: int


def told(answer: Answer, quiz: library.Quiz | None, language: str) -> Told:
    """Tell one answer in the language of the page."""
    question = _question(quiz, answer.question, language)
    if answer.response is None:
        said = [_("This was typed, and can't be read here.")]
    elif question:
        said = _said(answer.response, question)
    else:
        said = _plain(answer.response)
    prompt = question["prompt"] if question else ""
    return Told(prompt, said or [_("(nothing)")], answer.mark, round(answer.ms / 1000))


def _question(quiz: library.Quiz | None, key: str, language: str) -> dict[str, Any] | None:
    if quiz is None:
        return None
    questions = library.quiz_in_language(quiz, language)["questions"]
    return next((one for one in questions if one["id"] == key), None)


def _said(response: Response, question: dict[str, Any]) -> list[str]:
    choices = _texts(question["choices"])
    if isinstance(response, dict):
        left, right = _texts(question["left"]), _texts(question["right"])
        return [f"{left.get(one, one)} → {right.get(two, two)}" for one, two in response.items()]
    if isinstance(response, list):
        return [choices.get(one, one) for one in response]
    return [choices.get(response, response)] if response else []


def _texts(choices: list[dict[str, Any]]) -> dict[str, str]:
    """Name each choice: by its words, else by its place among the pictures."""
    return {
        choice["id"]: choice["text"] or _("Picture %(number)s") % {"number": place}
        for place, choice in enumerate(choices, 1)
    }


def _plain(response: Response) -> list[str]:
    if isinstance(response, dict):
        return [f"{one} → {two}" for one, two in response.items()]
    return list(response) if isinstance(response, list) else [response]
