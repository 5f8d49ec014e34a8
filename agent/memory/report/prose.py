"""Prose with its figures accounted for: every figure becomes a link to its source, or is marked unverified."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal

from agent.memory.history import History
from agent.memory.report.strings import agreeing
from agent.memory.report.texts import experiment_texts
from agent.records import Citation, Span, Text

_IDENTIFIER = re.compile(r"(?:(?<=\s)|(?<=\s\()|^)([echx]\d+(?:r\d+)?)(?=[\s,.;:)]|$)")
"""An id in running text: it stands alone, so that the ring closure ``c1`` inside a SMILES is not one."""


SCHEMES = ("doi", "method", "tool")
"""How a source outside the run's evidence begins."""

MEASURED = "results:"
"""How the source of a measured figure begins; the experiments whose results it rests on follow, joined by ``+``."""


@dataclass(frozen=True)
class Segment:
    """A stretch of prose.

    Attributes:
        text: What is read.
        href: Where it leads inside the report; empty if nowhere.
        mark: ``figure`` (a number with a source), ``unverified`` (one without), ``reference`` (an id), or plain.
        note: What a reader who points at it is told.
    """

    text: str
    href: str = ""
    mark: Literal["", "figure", "unverified", "reference"] = ""
    note: str = ""


Prose = tuple[Segment, ...]


@dataclass(frozen=True)
class Reference:
    """A cited passage: its anchor, its number in the list, and where it is."""

    anchor: str
    number: int
    citation: Citation


@dataclass(frozen=True)
class Outside:
    """A source that lies outside the run's evidence.

    Attributes:
        anchor: Its anchor in the report.
        scheme: ``doi`` (a published value), ``method`` (a setting that a written method chooses) or ``tool`` (a call
            outside the plan).
        detail: The DOI, the method, or the tool.
    """

    anchor: str
    scheme: str
    detail: str


class Anchors:
    """What can be linked to: evidence, candidates of the table, hypotheses, experiments, passages, the goal, and what
    lies outside (published values, settings of methods).

    Args:
        history: The run.
        shown: Ids of the candidates that the report's table shows.
        words: The report's words.
    """

    def __init__(self, history: History, shown: Iterable[str], words: SimpleNamespace) -> None:
        self.words = words
        self.references = _references(history)
        self._passages = {found.citation.passage: found for found in self.references}
        self.outside = _outside(history)
        self._outside = {f"{found.scheme}:{found.detail}": found for found in self.outside}
        self._ids = {*history.evidence, *shown, *(one.id for one in (*history.hypotheses, *history.dropped))}
        self._ids |= {one.id for one in history.experiments}
        self._measured = {one.experiment for one in history.results}

    def href(self, source: str) -> str:
        """The link to a source: an id, ``id.name``, a passage id, ``goal``, or one outside; empty if there is none."""
        if source == "goal":
            return "#goal"
        if source.startswith(MEASURED):
            named = source.removeprefix(MEASURED).split("+")
            return "#rounds" if self._measured.intersection(named) else ""
        if source in self._outside:
            return f"#{self._outside[source].anchor}"
        if source in self._passages:
            return f"#{self._passages[source].anchor}"
        for candidate in (source, source.partition(".")[0]):
            if candidate in self._ids:
                return f"#{anchor(candidate)}"
        return ""

    def number(self, passage: str) -> int:
        """The number of a cited passage in the list of references."""
        return self._passages[passage].number

    def label(self, source: str) -> str:
        """A source as a reader sees it: its id, ``[2]`` for a passage, or the word for the goal."""
        if source == "goal":
            return self.words.the_goal
        if source.startswith(MEASURED):
            return source.removeprefix(MEASURED)
        return f"[{self._passages[source].number}]" if source in self._passages else source

    def prose(self, text: Text | str) -> Prose:
        """A text in segments: its figures by its spans, the ids in between linked.

        Spans that overlap an earlier one or lie outside the text are left out; a figure whose source is not in the
        report counts as unverified.
        """
        if isinstance(text, str):
            return tuple(self._identifiers(text))
        segments: list[Segment] = []
        done = 0
        for span in sorted(text.spans, key=lambda one: (one.start, one.end)):
            if done <= span.start < span.end <= len(text.text):
                segments += self._identifiers(text.text[done : span.start])
                segments.append(self._figure(text.text[span.start : span.end], span))
                done = span.end
        return (*segments, *self._identifiers(text.text[done:]))

    def link(self, source: str) -> Segment:
        """An id as a link; plain if the report does not hold it."""
        return Segment(self.label(source), self.href(source), "reference")

    def unverified(self, text: Text) -> tuple[str, ...]:
        """The figures of a text that nothing in this report supports, as written."""
        return tuple(segment.text for segment in self.prose(text) if segment.mark == "unverified")

    def _figure(self, written: str, span: Span) -> Segment:
        if span.source is None:
            return Segment(written, "", "unverified", self.words.unverified)
        href = self.href(span.source)
        if not href:
            return Segment(written, "", "unverified", self.words.unknown_source.format(source=span.source))
        return Segment(written, href, "figure", self.words.figure_from.format(source=self.label(span.source)))

    def _identifiers(self, text: str) -> Iterable[Segment]:
        done = 0
        for match in _IDENTIFIER.finditer(text):
            if match[1] in self._ids:
                if match.start(1) > done:
                    yield Segment(text[done : match.start(1)])
                yield self.link(match[1])
                done = match.end(1)
        if done < len(text):
            yield Segment(text[done:])


def texts_of(history: History) -> tuple[Text, ...]:
    """Every text of a run that carries figures."""
    texts: list[Text] = []
    for hypothesis in (*history.hypotheses, *history.dropped):
        texts += [hypothesis.statement, hypothesis.mechanism]
        texts += [one.text for one in (*hypothesis.evidence_for, *hypothesis.evidence_against)]
        if hypothesis.critique is not None:
            texts += [hypothesis.critique.counterargument, *hypothesis.critique.alternatives]
    for experiment in history.experiments:
        texts += experiment_texts(experiment)
    texts += [belief.reason for update in history.updates for belief in update.beliefs]
    return tuple(texts)


def _outside(history: History) -> tuple[Outside, ...]:
    named = [span.source for text in texts_of(history) for span in text.spans if span.source]
    for hypothesis in (*history.hypotheses, *history.dropped):
        named += [one.source for one in (*hypothesis.evidence_for, *hypothesis.evidence_against)]
        named.append(hypothesis.prediction.source)
    for candidate in history.candidates:
        named += [quantity.source for quantity in candidate.quantities.values()]
    found = sorted({source for source in named if source.partition(":")[0] in SCHEMES and ":" in source})
    return tuple(
        Outside(f"source-{number}", source.partition(":")[0], source.partition(":")[2])
        for number, source in enumerate(found, start=1)
    )


def _references(history: History) -> tuple[Reference, ...]:
    cited = [citation for found in history.evidence.values() for citation in found.citations]
    cited += [citation for hypothesis in history.hypotheses for citation in hypothesis.citations]
    unique = {citation.passage: citation for citation in reversed(cited)}
    ordered = dict.fromkeys(citation.passage for citation in cited)
    return tuple(
        Reference(f"passage-{number}", number, unique[passage]) for number, passage in enumerate(ordered, start=1)
    )


def anchor(identity: str) -> str:
    """An id as an HTML anchor: nothing but letters, digits, dots, dashes and underscores."""
    return re.sub(r"[^\w.-]", "-", identity)


def fill(template: str, **parts: str | int | Segment | Iterable[Segment]) -> Prose:
    """A sentence with placeholders, filled with segments.

    Args:
        template: For instance ``{n} of them, best {best}``; one that counts takes the form that agrees with ``n``.
        parts: What the placeholders stand for; more may be given than it has.

    Returns:
        The sentence in segments.
    """
    segments: list[Segment] = []
    number = parts.get("n")
    form = agreeing(template, number.text if isinstance(number, Segment) else number)
    for piece in re.split(r"(\{\w+\})", form):
        if not piece:
            continue
        part = parts[piece[1:-1]] if piece.startswith("{") and piece.endswith("}") else piece
        if isinstance(part, Segment):
            segments.append(part)
        elif isinstance(part, (str, int)):
            segments.append(Segment(str(part)))
        else:
            segments += part
    return tuple(segments)
