"""Hypotheses on groups of samples: what is higher in one value of a column than in another, for new samples to test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, Scribe, certainty, significant_digits
from agent.reasoning.hypotheses.statistics import pooled_spread
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Relation, Support
from agent.tools.levels import is_control
from agent.vocabulary import title

Draft = tuple[Hypothesis, str]

MOST = 6
MOST_OF_ONE = 3
FIRM = 0.05

SHRUNK = 0.5
"""Share of a difference below which its adjusted value counts as explained by the other columns."""


def group_hypotheses(view: RunView, table: Table) -> list[Draft]:
    """Firm differences between groups of a measured table, as statements that new samples can refute.

    Args:
        view: The run.
        table: Its samples, labelled with their groups.

    Returns:
        Drafts with the column that makes the groups, the firmest first; none where no difference stands up to the
        number of comparisons.
    """
    drafts: list[Draft] = []
    if not any(candidate.kind == "sample" for candidate in table.candidates):
        return drafts
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        if evidence.status != "ok" or not isinstance(data.get("comparisons"), list) or "samples" not in data:
            continue
        writer = _Writer(Scribe(table, Grounder.of(view)), data, evidence.id)
        sets: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for pair in data["comparisons"]:
            sets.setdefault((str(pair["group"]), str(pair["outcome"])), []).append(pair)
        for pairs in sets.values():
            chosen, rest = telling(pairs)
            for place, pair in enumerate(chosen[: MOST - len(drafts)]):
                if (draft := writer.difference(pair, () if place else rest)) is not None:
                    drafts.append(draft)
    return drafts


def telling(pairs: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The comparisons of one outcome that say most, and the other firm ones.

    Args:
        pairs: Every two levels of one column in one outcome.

    Returns:
        Firm differences from the control, the largest first, where a level is one by its name; else the largest
        difference, and whether the highest level stands out from the next. Then the firm ones left over.
    """
    firm = [p for p in pairs if p["q"] < FIRM and p["low"] is not None and p["low"] * p["high"] > 0]
    firm.sort(key=lambda p: -abs(float(p["difference"])))
    if any(is_control(str(p["second"])) for p in pairs):
        chosen = [p for p in firm if is_control(str(p["second"]))][:MOST_OF_ONE]
    else:
        chosen = firm[:1]
        means = {str(p[side]): float(p[f"mean_{side}"]) for p in pairs for side in ("first", "second")}
        top = set(sorted(means, key=lambda level: -means[level])[:2])
        chosen += [p for p in firm[1:] if {str(p["first"]), str(p["second"])} == top]
    return chosen, [p for p in firm if p not in chosen]


def sides(hypothesis: Hypothesis, table: Table) -> tuple[str, str] | None:
    """The two groups of samples that a hypothesis compares, the higher one first; ``None`` if it compares none.

    Args:
        hypothesis: Any.
        table: The candidates of its run.

    Returns:
        The values of the column that makes the groups (the hypothesis' driver).
    """
    if hypothesis.kind != "contrast" or not any(c.kind == "sample" for c in table.candidates):
        return None
    levels = {level for c in table.candidates if (level := c.labels.get(hypothesis.driver))}
    return next(
        (
            (one, other)
            for one in sorted(levels)
            for other in sorted(levels - {one})
            if hypothesis.prediction.condition.startswith(_between(hypothesis.driver, one, other))
        ),
        None,
    )


def members(table: Table, column: str, level: str, outcome: str) -> list[str]:
    """Ids of the samples of one group that have a value of the outcome."""
    held = table.columns.get(outcome, {})
    return [c.id for c in table.candidates if c.labels.get(column) == level and c.id in held]


def _between(column: str, one: str, other: str) -> str:
    return f"{DIFFERENCE}, {title(column)} {one} minus {title(column)} {other}; "


_COUNTED = {
    "independent": "{{higher}}: mean {{one}} of {{n}} samples; {{lower}}: {{other}} of {{m}}.",
    "unit means": "{{higher}}: mean {{one}} of {{n}} {{unit}} means; {{lower}}: {{other}} of {{m}}.",
    "paired": "{{higher}}: mean {{one}}; {{lower}}: {{other}}, over {{n}} pairs by {{unit}}.",
    "blocked": "{{higher}}: mean {{one}} of {{n}} samples; {{lower}}: {{other}} of {{m}}, compared within {{unit}}.",
}
"""What was compared, by the design of the comparison."""


class _Writer:
    """Writes about one comparison of groups."""

    def __init__(self, scribe: Scribe, data: Mapping[str, Any], source: str) -> None:
        self._scribe, self._data, self._source = scribe, data, source

    def _number(self, value: float, name: str) -> Quantity:
        return number(significant_digits(value), "1", source=self._source, name=name)

    def difference(self, pair: Mapping[str, Any], rest: Sequence[Mapping[str, Any]] = ()) -> Draft | None:
        """One firm difference, told from the higher group; ``None`` where the run's samples do not carry it.

        Args:
            pair: The comparison.
            rest: Further firm differences of the same outcome, summed up with it.
        """
        name, column = str(pair["outcome"]), str(pair["group"])
        up = float(pair["difference"]) > 0
        higher, lower = (str(pair[key]) for key in (("first", "second") if up else ("second", "first")))
        table = self._scribe.table
        inside, outside = (members(table, column, level, name) for level in (higher, lower))
        if min(len(inside), len(outside)) < 3:
            return None
        sign = 1.0 if up else -1.0
        low, high = sorted((sign * float(pair["low"]), sign * float(pair["high"])))
        effect = abs(float(pair["difference"]))
        counts = (pair["n_first"], pair["n_second"]) if up else (pair["n_second"], pair["n_first"])
        means = (pair["mean_first"], pair["mean_second"]) if up else (pair["mean_second"], pair["mean_first"])
        numbers = {
            "effect": self._number(effect, name), "low": self._number(low, name), "high": self._number(high, name),
            "n": self._number(counts[0], name), "m": self._number(counts[1], name), "one": self._number(means[0], name),
            "other": self._number(means[1], name), "q": self._number(pair["q"], name),
            "g": self._number(abs(pair["g"]), name),
            "tests": self._number(len(self._data["comparisons"]), name),
        }  # fmt: skip
        within = str(pair["design"]) in ("paired", "blocked")
        words = {
            "what": title(name), "group": title(column), "higher": higher, "lower": lower, "test": str(pair["test"]),
            "unit": title(str(pair["unit"])) if pair["unit"] else "samples",
        }  # fmt: skip
        statement = self._scribe.write(
            "In samples like these {{what}} is higher in {{higher}} than in {{lower}} ({{group}}),"
            " by about {{effect}}.",
            words,
            **numbers,
        )
        relation: Relation = ">"
        spread = pooled_spread(table.columns[name], inside, outside) or effect / 4
        if within:  # pairs of one unit differ by two such deviations, blocks leave one
            spread = float(pair["deviation_pairs"]) / (math.sqrt(2) if pair["design"] == "paired" else 1) or effect / 4
        prediction = Prediction(
            quantity=name,
            relation=relation,
            value=significant_digits(effect / 2, 2),
            condition=f"{_between(column, higher, lower)}new samples of each, measured by the same method, in the"
            " column's own unit",
            effect=effect,
            spread=spread,
            source=self._source,
        )
        support = [
            self._support(
                f"{_COUNTED[str(pair['design'])]} Difference {{{{effect}}}}, {{{{level}}}} interval {{{{low}}}} to"
                " {{high}}, Hedges' g {{g}} ({{test}}, p corrected to {{q}} over {{tests}} comparisons).",
                words,
                certainty(float(pair["q"])),
                numbers,
            )
        ]
        against, kept = self._against(pair, words, sign, effect)
        if kept is not None:
            support.append(kept)
        if rest:
            told = "; ".join(self._shortly(one) for one in rest)
            further = f"Of the other comparisons in {{{{what}}}} these are beyond chance too: {told}."
            support.append(self._support(further, words, 0.05, {}))
        reason = self._scribe.write(
            "That the groups differ is the finding; by what they differ is open, for {{group}} stands for everything"
            " that goes with it.",
            words,
        )
        scope = (
            f"Samples of the kind in this table, {title(column)} {higher} and {lower}. "
            "Unless they were assigned to their groups at random, the p value describes this table alone."
        )
        return drafted("contrast", statement, reason, prediction, scope, tuple(inside), support, against), column

    @staticmethod
    def _shortly(pair: Mapping[str, Any]) -> str:
        """Which of two groups is the higher one."""
        up = float(pair["difference"]) > 0
        return " above ".join(str(pair[key]) for key in (("first", "second") if up else ("second", "first")))

    def _against(
        self, pair: Mapping[str, Any], words: Mapping[str, str], sign: float, effect: float
    ) -> tuple[list[Support], Support | None]:
        """What speaks against a difference; and the adjusted difference as further support, where it stands."""
        name = str(pair["outcome"])
        found: list[Support] = []
        kept: Support | None = None
        if pair["design"] == "paired":
            text = (
                "Each {{unit}} is its own control, but nothing tells {{group}} from what else changed between its"
                " measurements: no {{unit}} was measured again without the change."
            )
            found.append(self._support(text, words, 0.3, {}))
        elif pair["adjusted"] is None and pair["design"] != "blocked":
            text = "Whether it holds at equal values of the other columns could not be computed: {{why}}."
            found.append(self._support(text, {**words, "why": str(pair["not_adjusted"])}, 0.25, {}))
        elif pair["adjusted"] is not None:
            left = sign * float(pair["adjusted"])
            low, high = sorted((sign * float(pair["adjusted_low"]), sign * float(pair["adjusted_high"])))
            held = [title(one) for one in pair["held"]]
            numbers = {
                "left": self._number(left, name), "low": self._number(low, name), "high": self._number(high, name),
                "effect": self._number(effect, name),
            }  # fmt: skip
            words = {**words, "held": f"{', '.join(held[:-1])} and {held[-1]}" if len(held) > 1 else held[0]}
            said = "With {{held}} held equal the difference is {{left}} ({{level}} interval {{low}} to {{high}})"
            if left < 0 and high < 0:
                found.append(
                    self._support(
                        f"{said}: it turns round, so that those explain more than all of it.", words, 0.8, numbers
                    )
                )
            elif left < SHRUNK * effect:
                tail = (
                    ": most of it goes with those columns, which may be the cause of it, or be changed by {{group}}"
                    " themselves."
                )
                found.append(self._support(said + tail, words, 0.6, numbers))
            elif low <= 0:
                found.append(self._support(f"{said}, which includes none.", words, 0.35, numbers))
            else:
                kept = self._support(f"{said}: those columns do not explain it.", words, 0.3, numbers)
        above = float(pair["superiority"]) if sign > 0 else 1 - float(pair["superiority"])
        if above < 0.85:
            share = number(significant_digits(100 * (1 - above), 2), "percent", source=self._source, name=name)
            text = "The groups overlap: in {{share}} of all pairs the sample of {{lower}} is the higher one."
            found.append(self._support(text, words, 0.2 if above > 0.7 else 0.3, {"share": share}))
        least = min(int(pair["n_first"]), int(pair["n_second"]))
        if least < 8:
            text = "The smaller group has {{n}} samples only, and one unusual sample could make the difference."
            found.append(self._support(text, words, 0.4 if least < 5 else 0.3, {"n": self._number(least, name)}))
        if not found:
            text = "Other things than {{group}} may differ between the groups that no column of the table holds."
            found.append(self._support(text, words, 0.25, {}))
        return found, kept

    def _support(self, text: str, words: Mapping[str, str], weight: float, numbers: Mapping[str, Quantity]) -> Support:
        return Support(
            source=self._source, text=self._scribe.write(text, words, **numbers), weight=round(min(0.9, weight), 3)
        )
