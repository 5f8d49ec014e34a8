"""What a suite is: a name, what it measures, what others reached, and a function that measures it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How a suite is run.

    Attributes:
        bench: Folder of benchmark data; a suite reads every file of its kind below its own part of it.
        limit: Most cases (``None``: all).
        seeds: Repetitions with different random seeds, where the suite repeats.
        workers: Processes that it may use.
        model: Chat model, for suites with a model column.
        without: Tools, or whole domains of them, that are taken away in a second column (the suite ``goals``).
        tell: Called with a line of progress.
    """

    bench: Path | None = None
    limit: int | None = None
    seeds: int | None = None
    workers: int = 2
    model: str | None = None
    without: tuple[str, ...] = ()
    tell: Callable[[str], None] = field(default=lambda _: None)


@dataclass(frozen=True)
class Scores:
    """What a suite measured.

    Attributes:
        score: The headline figure; ``None`` if nothing could be scored.
        scores: Every figure by name, the headline's parts among them.
        n: Cases scored.
        unscored: Cases that could not be scored; they count neither as right nor as wrong.
        why_unscored: Reasons, with how often each occurred.
        intervals: 95 % bootstrap intervals, by the names in ``scores``.
    """

    score: float | None
    scores: dict[str, float]
    n: int
    unscored: int = 0
    why_unscored: dict[str, int] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """One suite of the catalogue.

    Attributes:
        name: As on the command line.
        title: What it measures, in one line.
        metric: The headline figure and its unit.
        higher_is_better: Which way the headline figure points.
        needs: Folder below the bench folder, or ``None`` if it brings its own cases.
        where: ``module:function`` of `evaluate`, imported when it is run.
        arguments: Fixed keyword arguments of that function.
        published: What others reached: method, figure.
    """

    name: str
    title: str
    metric: str
    where: str
    needs: str | None = None
    higher_is_better: bool = True
    arguments: dict[str, object] = field(default_factory=dict)
    published: tuple[tuple[str, float], ...] = ()

    def evaluate(self, options: Options) -> Scores:
        """Measure."""
        module, _, name = self.where.partition(":")
        return getattr(import_module(module), name)(options, **self.arguments)
