"""A quiz file into what a page may show and what only the node may know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from passport.kernel.encoding import canonical
from passport.library.engine.desk import Desk
from passport.library.engine.limits import USUAL
from passport.library.engine.problems import Report
from passport.library.engine.quiz import Quiz, in_language, languages_of, read_quiz
from passport.library.engine.tree import Tree

HEAD = '[[question]]\nid = "q"\nprompt = {en = "Which?", ar = "أيّ؟"}\n'


def read(tmp_path: Path, text: str) -> tuple[Quiz, list[str]]:
    (tmp_path / "q.toml").write_text(text)
    desk = Desk(Tree({"q.toml": tmp_path / "q.toml"}), Report(), USUAL)
    quiz = read_quiz(desk, "q.toml", ("en", "ar"))
    assert quiz is not None
    return quiz, [each.sentence for each in desk.report.problems if each.severity == "error"]


KEYS = [
    (
        (
            'kind = "several"\noptions = [{id = "c", text = {en = "C"}, correct = true},'
            ' {id = "a", text = {en = "A"}, correct = true}, {id = "b", text = {en = "B"}}]'
        ),
        {"kind": "several", "right": ["a", "c"]},
    ),
    (
        'kind = "text"\nanswers = {en = ["cat", "a cat"], ar = "قطة"}',
        {"kind": "text", "answers": {"en": ["cat", "a cat"], "ar": ["قطة"]}},
    ),
    (
        'kind = "number"\nanswer = "١٢٫٥"\ntolerance = "0,5"',
        {"kind": "number", "number": "12.5", "tolerance": "0.5"},
    ),
    ('kind = "number"\nanswer = -3', {"kind": "number", "number": "-3"}),
    (
        (
            'kind = "order"\nitems = [{id = "1", text = {en = "x"}}, {id = "2", text = {en = "y"}},'
            ' {id = "3", text = {en = "z"}}]'
        ),
        {"kind": "order", "right": ["1", "2", "3"]},
    ),
    (
        (
            'kind = "match"\npairs = [{id = "1", left = {en = "x"}, right = {en = "X"}},'
            ' {id = "2", left = {en = "y"}, right = {en = "Y"}}]'
        ),
        {"kind": "match", "right": ["1", "2"]},
    ),
    (
        'kind = "gaps"\ngaps = {en = "The [cat] sat on the [mat|rug].", ar = "[قطة] هنا"}',
        {"kind": "gaps", "gaps": {"en": [["cat"], ["mat", "rug"]], "ar": [["قطة"]]}},
    ),
]


@pytest.mark.parametrize(("body", "key"), KEYS)
def test_each_kind_has_its_key(tmp_path: Path, body: str, key: dict[str, Any]) -> None:
    quiz, errors = read(tmp_path, HEAD + body)

    assert errors == []
    assert json.loads(canonical(quiz.key["q"])) == key
    assert msgspec.json.decode(canonical(quiz), type=Quiz) == quiz


def test_what_is_shown_does_not_tell_the_order_or_the_pairs(tmp_path: Path) -> None:
    items = ", ".join(f'{{id = "{at}", text = {{en = "{at}"}}}}' for at in range(8))
    pairs = ", ".join(
        f'{{id = "{at}", left = {{en = "{at}"}}, right = {{en = "{at}"}}}}' for at in range(8)
    )
    second = HEAD.replace('id = "q"', 'id = "r"')
    quiz, errors = read(
        tmp_path,
        f'{HEAD}kind = "order"\nitems = [{items}]\n{second}kind = "match"\npairs = [{pairs}]\n',
    )
    order, match = quiz.show.questions

    assert errors == []
    assert [each.id for each in order.choices] != list(quiz.key["q"].right)
    assert sorted(each.id for each in order.choices) == sorted(quiz.key["q"].right)
    assert [each.id for each in match.left] != [each.id for each in match.right]
    assert quiz == read(tmp_path, (tmp_path / "q.toml").read_text())[0]


def test_gaps_are_shown_as_the_text_around_them_in_the_language_asked_for(tmp_path: Path) -> None:
    quiz, _errors = read(tmp_path, HEAD + KEYS[-1][0])

    assert in_language(quiz, "en")["questions"][0]["gaps"] == ["The ", " sat on the ", "."]
    assert in_language(quiz, "ar")["questions"][0]["gaps"] == ["", " هنا"]
    assert in_language(quiz, "fr")["questions"][0]["prompt"] == "Which?"
    assert languages_of(quiz) == {"en": 1, "ar": 1}


WRONG = [
    ('kind = "one"\noptions = [{id = "a", text = {en = "A"}, correct = true}]', "at least two"),
    (
        (
            'kind = "one"\noptions = [{id = "a", text = {en = "A"}, correct = true},'
            ' {id = "b", text = {en = "B"}, correct = true}]'
        ),
        "More than one option is correct",
    ),
    ('kind = "text"\nanswers = {en = ["", " "]}', "No answer is accepted."),
    ('kind = "text"\nanswers = ["cat"]', "No answer is accepted."),
    ('kind = "text"\nanswers = {en = [3]}', "Answers must be texts by language."),
    ('kind = "number"\nanswer = "a dozen"', "“answer” must be a number."),
    ('kind = "number"\nanswer = true', "“answer” must be a number."),
    ('kind = "number"\nanswer = "1e999999999"', "“answer” must be a number."),
    ('kind = "number"\nanswer = nan', "“answer” must be a number."),
    ('kind = "number"\nanswer = 3\ntolerance = -1', "“tolerance” can't be negative."),
    ('kind = "gaps"\ngaps = {en = "nothing"}', "There is no [gap]"),
    ('kind = "gaps"\ngaps = {en = "an empty [ ]"}', "A gap in “en” has no answer."),
    ('kind = "order"\nitems = [{id = "1", text = {en = "x"}}]', "at least two items"),
    ('kind = "one"\noptions = [{id = "a"}, {id = "b", correct = true}]', "neither a text nor"),
    ('kind = "one"\noptions = "abc"', "“options” must be a list of tables."),
]


@pytest.mark.parametrize(("body", "expected"), WRONG)
def test_a_question_that_cannot_be_answered_is_told(
    tmp_path: Path, body: str, expected: str
) -> None:
    _quiz, errors = read(tmp_path, HEAD + body)

    assert any(expected in each for each in errors), errors
