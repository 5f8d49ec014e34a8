"""Questions about a run, answered from its evidence: found by the names in them, and by nothing else.

No model is asked. A question names a candidate, a quantity, a hypothesis, an experiment, a step, or words of a
passage; the answer is what the run holds on it, each value with its unit and source. What is not in the run is said
to be not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agent import vocabulary
from agent.memory.history import History
from agent.records import Candidate, Evidence, Hypothesis, Quantity, Text
from agent.units import counted, print_value

SHOWN = 8
"""How many lines of one kind an answer has at most."""
_ID = re.compile(r"(?<![\w])([cehsx]\d+)(?![A-Za-z0-9_])", re.IGNORECASE)  # a Korean particle may follow
_LOWEST = re.compile(r"\b(lowest|least|smallest|minimum|min|worst)\b|가장 (낮|작)")
_HIGHEST = re.compile(r"\b(highest|most|largest|greatest|maximum|max|best)\b|가장 (높|크|큰|좋)")
_STOP = {
    "what", "which", "where", "when", "who", "why", "how", "many", "much", "does", "did", "the", "and", "for", "from",
    "with", "this", "that", "are", "was", "were", "has", "have", "its", "about", "tell", "show", "value", "values",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of an answer, and where it comes from (an evidence id, a passage, an id of the run)."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer: lines with their sources; `found` says whether the run holds anything on the question."""

    lines: tuple[Line, ...]
    found: bool = True

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source, once, in order."""
        return tuple(dict.fromkeys(line.source for line in self.lines if line.source))


def ask(history: History, question: str) -> Answer:
    """Answer a question about a run.

    Args:
        history: The run.
        question: In plain words.

    Returns:
        What the run holds on it. Nothing is inferred beyond the lowest and highest of a column.
    """
    words = question.lower()
    ids = list(dict.fromkeys(match.lower() for match in _ID.findall(question)))
    quantities = _quantities(history, words)
    shown = [one for one in history.candidates if not one.withheld]
    named = [one for one in shown if one.id in ids or (one.name and len(one.name) > 2 and one.name.lower() in words)]
    lines: list[Line] = []
    if named:
        lines += [line for one in named for line in _candidate(one, quantities)]
    elif quantities:
        lines += [line for key in quantities for line in _column(shown, key, words)]
    lines += [line for one in history.hypotheses if one.id in ids for line in _hypothesis(one)]
    for experiment in history.experiments:
        if experiment.id in ids:
            size = f"{counted(experiment.sample_size, 'sample')}, {counted(experiment.replicates, 'replicate')}"
            lines.append(
                Line(f"{experiment.id}: {experiment.title} ({size}), tests {experiment.hypothesis}.", experiment.id)
            )
    for found in history.evidence.values():
        if found.id in ids or found.step in ids or found.tool in words or found.tool.replace("_", " ") in words:
            lines += _evidence(found)
    lines = lines or _values(history, words) or _counts(history, words) or _passages(history, words)
    if not lines:
        return Answer((Line("That is not in this run's evidence."),), found=False)
    return Answer(tuple(dict.fromkeys(lines)))


def _quantities(history: History, words: str) -> list[str]:
    """The quantities that a question names and the run's candidates have."""
    present = dict.fromkeys(key for one in history.candidates for key in one.quantities)
    found = []
    for key in present:
        known = vocabulary.by_key().get(key)
        names = [key.lower(), key.lower().replace("_", " "), *((known.title.lower(), *known.words) if known else ())]
        if any(_holds(words, name) for name in names):
            found.append(key)
    return found


def _holds(words: str, name: str) -> bool:
    if not name.isascii():
        return name in words
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", words) is not None


def _printed(key: str, value: Quantity) -> str:
    return f"{vocabulary.title(key)} = {print_value(value.value, value.unit, value.uncertainty)}"


def _candidate(one: Candidate, quantities: list[str]) -> Iterable[Line]:
    wanted = [key for key in quantities if key in one.quantities]
    for key in quantities:
        if key not in one.quantities:
            yield Line(f"{one.id} has no {vocabulary.title(key)} in this run's evidence.", one.id)
    if quantities:
        for key in wanted:
            yield Line(f"{one.id}: {_printed(key, one.quantities[key])}", one.quantities[key].source)
        return
    rank = f", rank {one.rank}" if one.rank else ""
    yield Line(f"{one.id}: {one.name or one.structure}{rank}{'; ' + one.reason if one.reason else ''}", one.id)
    for key in list(one.quantities)[:SHOWN]:
        yield Line(f"{one.id}: {_printed(key, one.quantities[key])}", one.quantities[key].source)


def _column(candidates: list[Candidate], key: str, words: str) -> Iterable[Line]:
    """A quantity over all candidates: its extremes, and the best ranked."""
    having = [one for one in candidates if key in one.quantities]
    if not having:
        return
    low = min(having, key=lambda one: one.quantities[key].value)
    high = max(having, key=lambda one: one.quantities[key].value)
    lowest, highest = _LOWEST.search(words), _HIGHEST.search(words)
    if lowest or not highest:
        yield Line(
            f"lowest of {len(having)}: {low.id}, {_printed(key, low.quantities[key])}", low.quantities[key].source
        )
    if highest or not lowest:
        yield Line(
            f"highest of {len(having)}: {high.id}, {_printed(key, high.quantities[key])}", high.quantities[key].source
        )
    if not lowest and not highest:
        for one in sorted(having, key=lambda one: one.rank or 10**6)[:3]:
            yield Line(
                f"rank {one.rank or '–'}, {one.id}: {_printed(key, one.quantities[key])}", one.quantities[key].source
            )


def marked(text: Text) -> str:
    """Prose as a plain string, with *unverified* behind every figure that nothing supports."""
    words = text.text
    for span in sorted(text.spans, key=lambda one: -one.start):
        if span.source is None:
            words = f"{words[: span.end]} (unverified){words[span.end :]}"
    return words


def _hypothesis(one: Hypothesis) -> Iterable[Line]:
    yield Line(f"{one.id}, rank {one.rank or '–'}: {marked(one.statement)}", one.id)
    yield Line(f"mechanism: {marked(one.mechanism)}", one.id)
    for support in one.evidence_for[:3]:
        yield Line(f"for: {marked(support.text)}", support.source)
    for support in one.evidence_against[:3]:
        yield Line(f"against: {marked(support.text)}", support.source)
    yield Line(f"novelty {one.novelty}: {one.novelty_basis}", one.id)


def _evidence(found: Evidence) -> Iterable[Line]:
    yield Line(f"{found.id} {found.tool} ({found.status}): {found.summary}", found.id)
    for value in found.values[:SHOWN]:
        yield Line(f"{value.name} = {print_value(value.value, value.unit, value.uncertainty)}", found.id)


def _values(history: History, words: str) -> list[Line]:
    """Headline values of the steps whose names the question holds."""
    lines = []
    for found in history.evidence.values():
        for value in found.values:
            names = (value.name.lower(), value.name.lower().replace("_", " "), vocabulary.title(value.name).lower())
            known = vocabulary.by_key().get(value.name)
            if any(_holds(words, name) for name in (*names, *(known.words if known else ()))):
                lines.append(
                    Line(f"{value.name} = {print_value(value.value, value.unit, value.uncertainty)}", found.id)
                )
    return lines[:SHOWN]


def _counts(history: History, words: str) -> list[Line]:
    shown = sorted((one for one in history.candidates if not one.withheld), key=lambda one: one.rank or 10**6)
    lines: list[Line] = []
    if "candidate" in words or "후보" in words:
        met = sum(one.feasible is True for one in shown)
        lines.append(Line(f"{counted(len(shown), 'candidate')}, {met} of them within every constraint."))
        lines += [
            Line(f"rank {one.rank}: {one.id} {one.name or one.structure}", one.id) for one in shown[:3] if one.rank
        ]
    if "hypothes" in words or "가설" in words:
        lines.append(Line(f"{counted(len(history.hypotheses), 'hypothesis', 'hypotheses')}."))
        ranked = sorted(history.hypotheses, key=lambda one: one.rank or 10**6)
        lines += [Line(f"rank {one.rank}: {marked(one.statement)}", one.id) for one in ranked[:3]]
    if "experiment" in words or "실험" in words:
        lines.append(Line(f"{counted(len(history.experiments), 'experiment')}."))
        lines += [Line(f"{one.id}: {one.title}, tests {one.hypothesis}", one.id) for one in history.experiments[:3]]
    return lines


def _passages(history: History, words: str) -> list[Line]:
    """Passages and summaries that share the question's content words."""
    wanted = {word for word in re.findall(r"\w{3,}", words) if word not in _STOP}
    if not wanted:
        return []
    scored: list[tuple[int, Line]] = []
    for found in history.evidence.values():
        for cited in found.citations:
            hits = sum(word in cited.quote.lower() for word in wanted)
            page = f", page {cited.page}" if cited.page else ""
            scored.append((hits, Line(f"{cited.document}{page}: “{cited.quote}”", cited.passage)))
        hits = sum(word in found.summary.lower() for word in wanted)
        scored.append((hits, Line(f"{found.id} {found.tool}: {found.summary}", found.id)))
    need = max(1, (len(wanted) + 1) // 2)
    scored = [pair for pair in scored if pair[0] >= need]
    return [line for _, line in sorted(scored, key=lambda pair: -pair[0])[:4]]
