"""Hypotheses on sequences that a run has made or judged: does the design do in cells or tubes what it was made for?

What a sequence's letters fix (its mass, its length) is no hypothesis. What they only suggest is: that the recoded gene
makes more protein, that a guide cuts, that a changed residue costs stability, that a precursor is cut where the rule
says. Each is written from the step's own data, with the published reason to doubt it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.reasoning.experiments.methods import condition_text
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, called, method_of
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Evidence, Hypothesis, Prediction, Relation, Support

LONGEST_OLIGO = 60.0
"""Bases up to which a duplex melts as a whole, so that its melting temperature is worth a measurement."""
_PRIMER = re.compile(r"\bprimer\b|\bqPCR\b|\bindex \d")
_GOOD_SIRNA = 6
_LEAST_FOLD, _LEAST_INDELS, _MOST_TRANSCRIPT, _LEAST_LOSS, _MOST_SHIFT = 1.5, 20.0, 30.0, -1.0, 2.0
"""What the predictions ask for: conventions of ours, named as such."""

Draft = tuple[Hypothesis, str]


def idle(quantity: str, table: Table, goal: str) -> bool:
    """Whether a quantity of sequences is worth no hypothesis.

    A mass is a sum, long duplexes melt in parts, primers are made to melt alike, and nobody focuses a protein whose
    charge the goal does not ask about.
    """
    if not table.candidates or table.candidates[0].kind != "sequence":
        return False
    lengths = table.columns.get("length", {}).values()
    if quantity == "isoelectric_point":
        return not re.search(r"\bpI\b|isoelectric|charge|등전점|전하", goal, re.IGNORECASE)
    return quantity in ("protein_mass", "extinction_coefficient") or (
        quantity == "melting_temperature"
        and (max(lengths, default=0.0) > LONGEST_OLIGO or any(_PRIMER.search(one.name) for one in table.candidates))
    )


def sequence_hypotheses(view: RunView) -> list[Draft]:
    """One hypothesis for each kind of design that a run has made.

    Args:
        view: The run.

    Returns:
        Drafts, in the order of the steps; none where the run has only described what it was given.
    """
    drafts: list[Draft] = []
    seen: set[str] = set()
    for item in view.evidence.values():
        rule = _RULES.get(item.tool)
        if rule is None or item.status != "ok" or item.tool in seen:
            continue
        made = rule(_Writer(view, item), view.payload(item.id))
        if made is not None:
            seen.add(item.tool)
            drafts.append((made, ""))
    return drafts


class _Writer:
    """Writes about one step."""

    def __init__(self, view: RunView, item: Evidence) -> None:
        self._view, self._item, self._grounder = view, item, Grounder.of(view)

    def id_of(self, structure: str) -> str:
        """The candidate's id; empty if the table does not hold it."""
        return next((one.id for one in self._view.candidates if one.structure == structure), "")

    def name(self, identifier: str) -> str:
        """The candidate in prose."""
        return next((called(one.name, one.id) for one in self._view.candidates if one.id == identifier), identifier)

    def reference(self) -> str:
        """The first sequence that the run started from: its id, or empty."""
        return next((one.id for one in self._view.candidates if one.labels.get("role") == "reference"), "")

    def best(self) -> str:
        """The candidate that stands first among those ranked."""
        ranked = [one for one in self._view.candidates if one.rank is not None and one.kind == "sequence"]
        return min(ranked, key=lambda one: one.rank or 0).id if ranked else ""

    def last(self, quantity: str) -> str:
        """The ranked candidate with the highest value of a quantity."""
        known = [one for one in self._view.candidates if one.rank is not None and quantity in one.quantities]
        return max(known, key=lambda one: one.quantities[quantity].value).id if known else ""

    def hypothesis(
        self,
        quantity: str,
        relation: Relation,
        value: float,
        statement: str,
        reason: str,
        *,
        subjects: tuple[str, ...],
        support: str,
        doubt: str,
        weights: tuple[float, float] = (0.5, 0.5),
        high: float | None = None,
        between: str = "",
        kind: str = "contrast",
        **numbers: float,
    ) -> Hypothesis:
        """A hypothesis from templates; ``{{value}}`` and ``{{high}}`` are the bounds, numbers are the step's own."""
        method, source = method_of(quantity), self._item.id
        condition = f"{DIFFERENCE}, {between}; {condition_text(method)}" if between else condition_text(method)
        prediction = Prediction(
            quantity=quantity, relation=relation, value=value, high=high, unit=method.unit, condition=condition,
            effect=max(abs(value), 2 * method.spread), spread=method.spread, source=source,
        )  # fmt: skip
        shown = {name: number(one, "1", source=source, name=name) for name, one in numbers.items()}
        shown["value"] = number(abs(value), method.unit, source="method:convention", name=quantity)
        if high is not None:
            shown["high"] = number(high, method.unit, source="method:convention", name=quantity)
        words = {f"s{n}": self.name(one) for n, one in enumerate(subjects, start=1)}

        def write(template: str) -> Any:
            return self._grounder.write(template, words, **shown)

        return drafted(
            kind, write(statement), write(reason), prediction,
            "The sequences as given, in the host, cells or buffer of the experiment.", subjects,
            [Support(source=source, text=write(support), weight=weights[0])],
            [Support(source=source, text=write(doubt), weight=weights[1])],
        )  # fmt: skip


def _recoded(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    made, native = writer.id_of(data["sequence"]), writer.reference()
    if not made or not native:
        return None
    return writer.hypothesis(
        "yield_ratio", ">", _LEAST_FOLD,
        "{{s1}} makes at least {{value}} times as much soluble protein as {{s2}} in the same vector and host.",
        "Its codons are those that the host's most expressed genes use (codon adaptation {{adaptation}}), so that "
        "ribosomes wait less for rare tRNAs; whether that limits the yield at all is what is tested.",
        subjects=(made, native),
        support="The recoded gene has a codon adaptation of {{adaptation}} and {{rare}} rare codons.",
        doubt="In a library of synonymous GFP genes the codon adaptation did not predict expression, while the folding "
        "of the message around the start codon did (Kudla et al., Science, doi:10.1126/science.1170160).",
        weights=(0.5, 0.6), adaptation=round(data["adaptation"], 3), rare=len(data["rare_codons"]),
    )  # fmt: skip


def _guides(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    best = data["guides"][0]
    subject = writer.id_of(best["spacer"])
    if not subject:
        return None
    return writer.hypothesis(
        "indel_share", ">", _LEAST_INDELS,
        "{{s1}} edits more than {{value}} of the alleles.",
        "Nothing that is known to hinder a guide stands in its spacer (GC, runs, a terminator), and its seed stands at "
        "{{seeds}} place in what was searched.",
        subjects=(subject,), kind="estimate",
        support="It is first of {{count}} guides with this PAM by the rules.",
        doubt="Rules on the spacer explain a small part of what guides do in cells, and chromatin is not seen at all.",
        seeds=best.get("seed_matches", 1), count=data["count"],
    )  # fmt: skip


def _silencers(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    best = data["sirnas"][0]
    subject = writer.id_of(best["target"])
    if not subject or best["points"] < _GOOD_SIRNA:
        return None
    return writer.hypothesis(
        "remaining_transcript", "<", _MOST_TRANSCRIPT,
        "The siRNA against {{s1}} leaves less than {{value}} of the transcript.",
        "Its antisense strand begins at the weaker end of the duplex, so that it and not the sense strand is loaded; "
        "it has {{points}} of the points of Reynolds et al.",
        subjects=(subject,), kind="estimate",
        support="It has {{points}} points and begins at base {{start}}, the best of those that do not overlap.",
        doubt="The structure of the transcript around the target was not computed, and it decides what is reached.",
        weights=(0.6, 0.4), points=best["points"], start=best["start"],
    )  # fmt: skip


def _variants(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    rows = sorted(data["rows"], key=lambda row: row["blosum62"])
    made, before = writer.id_of(data["sequence"]), writer.reference()
    before = before or next(iter(one for one in (writer.best(),) if one != made), "")
    if not made or not before:
        return None
    worst = rows[0]
    radical = any(row["kind"] == "radical" for row in rows)
    numbers = {"score": worst["blosum62"], "place": worst["position"]}
    if radical:
        return writer.hypothesis(
            "unfolding_temperature", "<", _LEAST_LOSS,
            "{{s1}} unfolds at least {{value}} below {{s2}}.",
            "Proteins are only marginally stable and most substitutions cost stability; the harshest here, at "
            "{{place}}, has a BLOSUM62 score of {{score}} or turns a charge.",
            subjects=(made, before), between=f"{made} minus {before}",
            support="The substitution at {{place}} is radical by the residues (BLOSUM62 {{score}}).",
            doubt="No structure was used: on the surface even a radical substitution may cost nothing, and resistance "
            "variants that evolved have often been compensated.",
            **numbers,
        )  # fmt: skip
    return writer.hypothesis(
        "unfolding_temperature", "between", -_MOST_SHIFT,
        "{{s1}} unfolds within {{value}} of {{s2}}.",
        "No substitution here is radical by the residues: size, charge and polarity stay near to what they were.",
        subjects=(made, before), high=_MOST_SHIFT, between=f"{made} minus {before}", kind="contrast",
        support="The harshest substitution, at {{place}}, has a BLOSUM62 score of {{score}}.",
        doubt="No structure was used: in a tight core even a mild substitution may cost stability.",
        **numbers,
    )  # fmt: skip


def _precursors(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    found = [row for row in data["rows"] if row["verdict"] != "none"]
    row = max(found, key=lambda one: one["score"])
    subject = writer.id_of(row["mature"])
    if not subject:
        return None
    mass = next((one.quantities["protein_mass"].value for one in writer._view.candidates if one.id == subject), 0.0)
    return writer.hypothesis(
        "protein_mass", "between", round(mass - 3, 1),
        "The secreted protein is {{s1}}: the precursor is cut behind residue {{cut}}, and the intact mass shows it, "
        "disulfides allowed for.",
        "Signal peptidase cuts behind a hydrophobic core where small residues stand at the first and third place "
        "before the cut.",
        subjects=(subject,), high=round(mass + 3, 1), kind="estimate",
        support="The rule gives the cut behind {{cut}} a score of {{score}}.",
        doubt="The rule misses the exact cut of every fourth precursor, and glycans or further cuts change the mass.",
        cut=row["cut_after"], score=round(row["score"], 2),
    )  # fmt: skip


def _solubility(writer: _Writer, data: Mapping[str, Any]) -> Hypothesis | None:
    if not any(wish.quantity == "GRAVY" for wish in writer._view.brief.objectives):
        return None
    best, worst = writer.best(), writer.last("GRAVY")
    if not best or not worst or best == worst:
        return None
    values = {one.id: one.quantities["GRAVY"].value for one in writer._view.candidates if "GRAVY" in one.quantities}
    return writer.hypothesis(
        "soluble_share", ">", 10.0,
        "More of {{s1}} than of {{s2}} stays in solution, by at least {{value}} of the protein.",
        "It has fewer hydrophobic residues (GRAVY {{low}} against {{high_gravy}}), which are what proteins stick "
        "together by where they unfold or face the solvent.",
        subjects=(best, worst), between=f"{best} minus {worst}",
        support="The mean hydropathy is {{low}} against {{high_gravy}}.",
        doubt="The mean hydropathy of a folded protein says little of its surface; precursors with a signal peptide "
        "are not the proteins that are used.",
        weights=(0.5, 0.6), low=round(values[best], 3), high_gravy=round(values[worst], 3),
    )  # fmt: skip


_RULES: dict[str, Callable[[_Writer, Mapping[str, Any]], Hypothesis | None]] = {
    "optimise_codons": _recoded,
    "design_guides": _guides,
    "design_sirnas": _silencers,
    "assess_variants": _variants,
    "find_signal_peptides": _precursors,
    "analyse_proteins": _solubility,
}
