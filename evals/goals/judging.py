"""Judging one run: each check looks at the bundle's files and says what is wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agent.vocabulary import QUANTITIES
from evals.goals.bundles import PlainBundle
from evals.goals.cases import Case, Fact
from evals.goals.molecules import crystal_problems, molecule_problems

EXIT_CODES = {"finished": (0,), "asks": (3,), "bad-input": (2,), "nothing": (0, 1), "refused": (4,), "allowed": (0, 3)}
"""Exit statuses that fit an expectation, as the command line reports them."""

_RELATIONS = {"<", "<=", ">", ">=", "=", "between", "about", "increases", "decreases", "higher", "lower"}
# A figure that stands alone: not a part of a name (c8, CYP3A4, COX-2), of a structure or of a longer number.
_FIGURE = re.compile(r"(?<![\w.\-\[\]()=#@/+])[-−]?\d++(?:[.,]\d++)*+(?![\w\[\]()=#@/+]|[-.]\w)")
# An oxidation state behind its element (Cl -1, Fe +3) names a species.
_SPECIES = re.compile(r"\b[A-Z][a-z]? [-−+]\d(?!\w)")
_SOURCE = re.compile(r"(?:e\d+(?:\.\w+)?|goal|doi:10\.\d{4,9}/\S+|(?:method|tool):\S.*|p:\S+|\S+#\S+)")
_NUMBERED_TITLES = [quantity.title for quantity in QUANTITIES if re.search(r"\d", quantity.title)]
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit status, what it asks, what it says went wrong."""

    exit_code: int
    question_key: str = ""
    question: str = ""
    error: str = ""


@dataclass(frozen=True)
class Verdict:
    """One check of one run: what it looked at, and what it found wrong (empty: nothing)."""

    check: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def judge(case: Case, ended: Ended, bundle: PlainBundle | None, broken: str = "") -> list[Verdict]:
    """Every check that a goal calls for.

    Args:
        case: The goal.
        ended: How the run ended.
        bundle: What it left; ``None`` if it could not be read or never began.
        broken: Why it could not be read.
    """
    verdicts = [Verdict("exit status", tuple(_exit_problems(case, ended)))]
    if bundle is None:
        if broken:
            verdicts.append(Verdict("bundle", (broken,)))
        return verdicts
    verdicts.append(Verdict("bundle", ()))
    if case.expect == "refused" and (bundle.evidence or bundle.plan["steps"]):
        verdicts.append(Verdict("refused before any step", (f"{len(bundle.evidence)} steps ran",)))
    if case.expect == "nothing":
        claimed = [f"{len(bundle.feasible)} candidates are called feasible"] if bundle.feasible else []
        verdicts.append(Verdict("claims nothing", tuple(claimed)))
    if case.expect == "finished" and ended.exit_code == 0:
        for name, check in CHECKS.items():
            problems = check(case, bundle)
            if problems is not None:
                verdicts.append(Verdict(name, tuple(problems)))
    return verdicts


def _exit_problems(case: Case, ended: Ended) -> Iterator[str]:
    if ended.exit_code not in EXIT_CODES[case.expect]:
        told = ended.question or ended.error
        yield f"exit status {ended.exit_code}, expected {EXIT_CODES[case.expect]}" + (f": {told}" if told else "")
        return
    if case.expect == "asks":
        if ended.question_key != case.asks:
            yield f"it asks for '{ended.question_key}', not for '{case.asks}'"
        if case.language == "ko" and not _HANGUL.search(ended.question):
            yield "the question is not in Korean"
    if case.expect in ("bad-input", "refused", "nothing") and not ended.error and ended.exit_code:
        yield "there is no reason given"
    for name in case.names:
        if name.casefold() not in ended.error.casefold():
            yield f"the error does not quote '{name}': {ended.error}"


def _molecules(case: Case, bundle: PlainBundle) -> list[str] | None:
    if not case.candidates:
        return None
    return molecule_problems(case, [row["structure"] for row in bundle.feasible if row["kind"] == "molecule"])


def _crystals(case: Case, bundle: PlainBundle) -> list[str] | None:
    if not (case.formulas or case.elements):
        return None
    return crystal_problems(case, [row["structure"] for row in bundle.candidates if row["kind"] == "crystal"])


def _facts(case: Case, bundle: PlainBundle) -> list[str] | None:
    if not (case.facts or case.contains or case.mentions):
        return None
    problems = []
    for fact in case.facts:
        found = list(_values(fact, bundle))
        if not any(abs(value - fact.value) <= fact.tolerance for value in found):
            shown = ", ".join(f"{value:g}" for value in found[:5]) or "nothing"
            problems.append(f"{fact.name} {fact.of}: expected {fact.value:g}, found {shown}")
    texts = [row["structure"] for row in bundle.candidates] + [bundle.report]
    problems += [f"{text[:20]}... is not found" for text in case.contains if not any(text in one for one in texts)]
    return problems + [f"the report does not name {word}" for word in case.mentions if word not in bundle.report]


def _values(fact: Fact, bundle: PlainBundle) -> Iterator[float]:
    """Values of a name: of candidates (of a structure, where the fact says which), and of evidence."""
    for row in bundle.candidates:
        if fact.of and fact.of not in (row["structure"].split() or [""])[0] + row["name"]:
            continue
        for column, text in row.items():
            if text and (column == fact.name or column.startswith(f"{fact.name}_")):
                yield float(text)
    if not fact.of:
        for item in bundle.evidence:
            yield from (value["value"] for value in item["values"] if value["name"] == fact.name)


def _hypotheses(case: Case, bundle: PlainBundle) -> list[str] | None:
    """Falsifiable: a quantity, a relation and a number; evidence for and against; what would refute it."""
    if not (case.candidates or case.formulas):
        return None
    if not bundle.hypotheses:
        return ["there is no hypothesis"]
    problems = []
    for one in bundle.hypotheses:
        prediction = one["prediction"]
        if not prediction.get("quantity") or prediction.get("relation") not in _RELATIONS:
            problems.append(f"{one['id']} predicts no relation of a quantity: {prediction}")
        if not isinstance(prediction.get("value"), (int, float)):
            problems.append(f"{one['id']} predicts no number")
        if not one.get("refuted_by") or not one["mechanism"] or not one["statement"]:
            problems.append(f"{one['id']} lacks its statement, mechanism or what would refute it")
        if not one["evidence_for"] or not one["evidence_against"]:
            problems.append(f"{one['id']} has evidence on one side only")
        if one["novelty"] not in ("novel", "known", "unknown") or not one["novelty_basis"]:
            problems.append(f"{one['id']} does not say on what its novelty rests")
    tested = {experiment["hypothesis"] for experiment in bundle.experiments}
    if bundle.hypotheses[0]["id"] not in tested:
        problems.append("no experiment tests the best hypothesis")
    return problems


def _grounding(case: Case, bundle: PlainBundle) -> list[str] | None:
    """Every figure of every hypothesis stands in a span with a source that exists; every citation is real."""
    known = {item["id"] for item in bundle.evidence}
    cited = {citation["document"] for item in bundle.evidence for citation in item["citations"]}
    problems = []
    for one in bundle.hypotheses:
        texts = [(name, one[name], one.get("spans", {}).get(name, [])) for name in ("statement", "mechanism")]
        texts += [
            (side, item["text"], item["spans"]) for side in ("evidence_for", "evidence_against") for item in one[side]
        ]
        for name, text, spans in texts:
            problems += [f"{one['id']}, {name}: {problem}" for problem in _ungrounded(text, spans, known)]
        for side in ("evidence_for", "evidence_against"):
            problems += [
                f"{one['id']} rests on {item['source']}, which does not exist"
                for item in one[side]
                if not _exists(item["source"], known)
            ]
        problems += [
            f"{one['id']} cites {citation['document']}, which no step found"
            for citation in one["citations"]
            if citation["document"] not in cited
        ]
    return problems


def _ungrounded(text: str, spans: list[dict[str, Any]], known: set[str]) -> Iterator[str]:
    for span in spans:
        shown = text[span["start"] : span["end"]]
        if not shown:
            yield f"a span lies outside of '{text}'"
        elif not _exists(span["source"], known):
            yield f"'{shown}' comes from {span['source']}, which does not exist"
    named = [match.span() for match in _SPECIES.finditer(text)]
    # A figure in a quantity's own name ("logD at pH 7.4") says what was measured, not what was found.
    named += [match.span() for title in _NUMBERED_TITLES for match in re.finditer(re.escape(title), text)]
    for match in _FIGURE.finditer(text):
        if any(start <= match.start() < end for start, end in named):
            continue
        if not any(span["start"] <= match.start() < span["end"] for span in spans):
            yield f"the figure {match[0]} of '{text}' has no source"


def _exists(source: str | None, known: set[str]) -> bool:
    if source is None or not _SOURCE.fullmatch(source):
        return False
    return source.split(".")[0] in known if re.match(r"e\d", source) else True


def _report(case: Case, bundle: PlainBundle) -> list[str]:
    """The report names every step and links to evidence that exists."""
    problems = [f"{item['id']} is not in the report" for item in bundle.evidence if item["id"] not in bundle.report]
    return problems + (["the report is in no heading"] if not bundle.report.lstrip().startswith("#") else [])


CHECKS: dict[str, Callable[[Case, PlainBundle], list[str] | None]] = {
    "molecules": _molecules,
    "crystals": _crystals,
    "facts": _facts,
    "hypotheses": _hypotheses,
    "grounding": _grounding,
    "report": _report,
}
"""Checks of a finished run; ``None`` where a goal does not call for one."""
