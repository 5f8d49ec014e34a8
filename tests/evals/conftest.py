"""A made-up benchmark folder in the formats of the real ones."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from support.scripted_model import scripted_model  # noqa: F401 (a fixture)


def row(number: int, question: str, ideal: str, distractors: list[str], tag: str = "seqqa") -> dict[str, Any]:
    return {"id": f"row-{number}", "tag": tag, "question": question, "ideal": ideal, "distractors": distractors}


@pytest.fixture
def labbench(tmp_path: Path) -> Path:
    """Four questions of two kinds (two of them computable), one without an answer, and one of another tag."""
    folder = tmp_path / "bench" / "labbench"
    folder.mkdir(parents=True)
    sequence = "".join(random.Random(1).choices("ACGT", k=200))
    strong = round(100 * sum(base in "GC" for base in sequence) / 200)
    shares = [str(strong), [str(strong - 1), str(strong + 1)]]
    files = {
        "GC-of-made-up.jsonl": [
            row(1, f"What is the GC percent of {sequence}? Round to the nearest integer.", *shares),
            row(2, f"How many bases has {sequence}?", "200", ["199", "201"]),
        ],
        "unknowable.jsonl": [
            row(3, "Which gene is named after a fruit?", "banana", ["cherry"]),
            row(4, "Who made it?", "Nobody", ["Somebody"]),
            {"id": "row-5", "tag": "seqqa", "question": "And this?", "distractors": ["a"]},
            row(6, "What is cloned?", "This", ["That"], tag="cloningscenarios"),
        ],
    }
    for name, rows in files.items():
        (folder / name).write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return tmp_path / "bench"
