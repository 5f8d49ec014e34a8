"""Made-up molecules for the questions; nothing here comes from a benchmark."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

import pytest

from agent.reasoning.questions import Answer, answer_question, call_inline

CODONS = [a + b + c for a in "ACGT" for b in "ACGT" for c in "ACGT" if a + b + c not in ("TAA", "TAG", "TGA", "ATG")]


@pytest.fixture
def answer() -> Callable[[str, Sequence[str] | None], Answer]:
    """Answer a question with the tools called in this process."""
    return lambda question, choices=None: asyncio.run(answer_question(question, choices, call_inline))


@pytest.fixture
def dna() -> Callable[[int, int], str]:
    """Random DNA of a length, by a seed."""
    return lambda length, seed: "".join(random.Random(seed).choices("ACGT", k=length))


@pytest.fixture
def gene() -> Callable[[int, int], str]:
    """A coding sequence of so many codons between its start and its stop, without an inner start."""
    return lambda codons, seed: "ATG" + "".join(random.Random(seed).choices(CODONS, k=codons)) + "TAA"
