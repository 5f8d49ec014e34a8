"""Hypotheses on a measured series of molecules: what an exchange of groups does, and which cliffs are real.

The activity is the user's own column, so that no textbook mechanism and no published error applies: what a hypothesis
rests on is the table's matched pairs, and its spread is their scatter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, MOST_SUBJECTS, Scribe, certainty, significant_digits
from agent.reasoning.hypotheses.statistics import adjusted
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Support
from agent.vocabulary import title

MOST_EXCHANGES, MOST_CLIFFS = 5, 2
FIRM = 0.05

LEAST_CHANGE = 0.2
"""Mean change (decades, for activities as negative logarithms) below which an exchange is not worth an experiment."""

ASSUMED_SCATTER = 0.3
"""Deviation of one measurement where the table shows none: a convention for log activities of one laboratory."""

Draft = tuple[Hypothesis, str]


def activity_hypotheses(view: RunView, table: Table) -> list[Draft]:
    """What the matched pairs and cliffs of a measured series lead to expect when they are measured again.

    Args:
        view: The run.
        table: Its molecules, with the measured activity.

    Returns:
        Drafts: the firmest exchanges first, none told twice by its reverse or by the same pairs; then the largest
        cliffs by one exchange. None where nothing stands up to the number of tests.
    """
    ids = {candidate.structure: candidate.id for candidate in table.candidates if candidate.kind == "molecule"}
    drafts: list[Draft] = []
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        if evidence.status != "ok" or not isinstance(data.get("tested"), list) or "cliffs" not in data or not ids:
            continue
        writer = _Writer(Scribe(table, Grounder.of(view)), data, evidence.id, ids)
        drafts += [(writer.exchange(row), "") for row in _chosen(data["tested"], ids)]
        steep = [row for row in data["cliffs"] if row["first"] in ids and row["second"] in ids]
        drafts += [(writer.cliff(row), "") for row in steep[:MOST_CLIFFS] if data.get("cliffs_one_exchange")]
    return drafts


def _chosen(tested: list[dict[str, Any]], ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The exchanges that chance does not explain, the largest mean change first, each group gaining once."""
    chances = adjusted([float(row["p"]) for row in tested])
    firm = [
        row | {"q": q, "tests": len(tested)}
        for row, q in zip(tested, chances, strict=True)
        if q < FIRM and row["mean"] >= LEAST_CHANGE and all(one in ids for pair in row["pairs"] for one in pair)
    ]
    firm.sort(key=lambda row: (-row["mean"], row["q"], row["before"], row["after"]))
    kept: list[dict[str, Any]] = []
    for row in firm:
        if all(row["after"] != other["after"] and row["before"] != other["before"] for other in kept):
            kept.append(row)
    return kept[:MOST_EXCHANGES]


class _Writer:
    """Writes about one measured series."""

    def __init__(self, scribe: Scribe, data: Mapping[str, Any], source: str, ids: Mapping[str, str]) -> None:
        self._scribe, self._data, self._source, self._ids = scribe, data, source, ids
        self._name: str = data["quantity"]
        self._spread = float(data.get("scatter") or ASSUMED_SCATTER)

    def _number(self, value: float) -> Quantity:
        return number(significant_digits(value), "1", source=self._source, name=self._name)

    def _support(self, text: str, words: Mapping[str, str], weight: float, numbers: Mapping[str, Quantity]) -> Support:
        return Support(
            source=self._source, text=self._scribe.write(text, words, **numbers), weight=round(min(0.9, weight), 3)
        )

    def _prediction(self, effect: float, condition: str) -> Prediction:
        return Prediction(
            quantity=self._name,
            relation=">",
            value=significant_digits(effect / 2, 2),
            unit="1",
            condition=f"{DIFFERENCE}, {condition}, measured side by side in the assay of the table",
            effect=significant_digits(effect),
            spread=self._spread,
            source=self._source,
        )

    def exchange(self, row: Mapping[str, Any]) -> Hypothesis:
        """An exchange raises the activity, whatever stands around it in the series."""
        before, after = row["names"]
        pairs = [(self._ids[first], self._ids[second]) for first, second in row["pairs"]]
        told = pairs[: MOST_SUBJECTS // 2]
        reverse = sum(self._change(first, second) < 0 for first, second in row["pairs"])
        words = {"before": before, "after": after, "what": title(self._name)}
        numbers = {
            "mean": self._number(row["mean"]), "n": self._number(row["count"]), "q": self._number(row["q"]),
            "tests": self._number(row["tests"]), "deviation": self._number(row["deviation"]),
            "reverse": self._number(reverse),
            "spread": self._number(self._spread),
        }  # fmt: skip
        statement = self._scribe.write(
            "In this series {{after}} in the place of {{before}} raises the {{what}} by about {{mean|size}},"
            " whatever stands around it.",
            words,
            **numbers,
        )
        reason = self._scribe.write(
            "No mechanism is claimed: the table shows what the exchange does, and neither a structure of the target"
            " nor a computed property of the two groups was asked why.",
            words,
        )
        support = [
            self._support(
                "Over {{n}} matched pairs of the table the mean change is {{mean}} (standard deviation {{deviation}};"
                " t test, p corrected to {{q}} over {{tests}} exchanges).",
                words,
                certainty(float(row["q"])),
                numbers,
            )
        ]
        against = [
            self._support(
                "{{reverse}} of the {{n}} pairs go the other way."
                if reverse
                else "None of the {{n}} pairs goes the other way, but they share molecules, and are not independent.",
                words,
                min(0.6, 0.15 + reverse / max(len(pairs), 1)),
                numbers,
            )
        ]
        if float(row["deviation"]) > 1.5 * self._spread:
            against.append(
                self._support(
                    "The change varies more between the pairs (standard deviation {{deviation}}) than the scatter of"
                    " two measurements explains: what surrounds it matters.",
                    words,
                    0.35,
                    numbers,
                )
            )
        condition = f"{', '.join(second for _, second in told)} minus {', '.join(first for first, _ in told)}"
        scope = (
            f"Molecules like those of the table, where {before} and {after} can stand; matched pairs from one cut of a"
            " single bond."
        )
        subjects = (*(first for first, _ in told), *(second for _, second in told))
        return drafted(
            "exchange", statement, reason, self._prediction(row["mean"], condition), scope, subjects, support, against
        )

    def cliff(self, row: Mapping[str, Any]) -> Hypothesis:
        """A cliff is real, and not an error of one of two values."""
        weak, strong = sorted((row["first"], row["second"]), key=self._value)
        words = {"weak": self._called(weak), "strong": self._called(strong), "what": title(self._name)}
        numbers = {
            "difference": self._number(abs(row["difference"])), "a": self._number(self._value(strong)),
            "b": self._number(self._value(weak)), "similarity": self._number(row["similarity"]),
            "cliffs": self._number(self._data["cliff_count"]), "pairs": self._number(self._data["pairs"]),
        }  # fmt: skip
        statement = self._scribe.write(
            "The cliff between {{weak}} and {{strong}} is real: measured again from fresh solid,"
            " {{strong}} has the higher {{what}} by about {{difference|size}}.",
            words,
            **numbers,
        )
        reason = self._scribe.write(
            "Much alike molecules that differ tenfold mark an interaction that the change makes or breaks; which one,"
            " the table does not say.",
            words,
        )
        support = [
            self._support(
                "The table has {{a}} for {{strong}} and {{b}} for {{weak}}, which are alike (Tanimoto {{similarity}}).",
                words,
                0.6,
                numbers,
            )
        ]
        against = [
            self._support(
                "It is among the largest of {{cliffs}} cliffs, picked for its size: such differences shrink when they"
                " are measured again.",
                words,
                0.4,
                numbers,
            )
        ]
        subjects = (self._ids[weak], self._ids[strong])
        prediction = self._prediction(abs(row["difference"]), f"{subjects[1]} minus {subjects[0]}")
        scope = "These two molecules, as solids of checked identity and purity."
        return drafted("cliff", statement, reason, prediction, scope, subjects, support, against)

    def _value(self, smiles: str) -> float:
        return self._scribe.estimate(self._ids[smiles], self._name).value

    def _change(self, first: str, second: str) -> float:
        return self._value(second) - self._value(first)

    def _called(self, smiles: str) -> str:
        return self._scribe.called(self._ids[smiles])
