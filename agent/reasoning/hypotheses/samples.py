"""Hypotheses on measured samples: relations between columns of the researcher's own table, to be tested on new samples.

The quantities are the table's own columns. A textbook mechanism is named only for the few pairs of earth science that
are on file (`KNOWN`); otherwise the association is the finding, and its cause is open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, Scribe, certainty, significant_digits
from agent.reasoning.hypotheses.statistics import pooled_spread
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Relation, Support
from agent.vocabulary import title

Draft = tuple[Hypothesis, str]

MOST = 6
FIRM = 0.05
LEAST_RHO = 0.5

KNOWN: tuple[tuple[str, str, int, str], ...] = (
    (r"d18o|δ18o|delta.?18.?o", r"temp", -1,
     "calcite takes up more of the heavy oxygen isotope from colder water;"
     " the composition of the water itself moves it as well"),
    (r"mg.?ca\b|mg_ca", r"temp", 1,
     "more magnesium enters calcite from warmer water, since the exchange is endothermic"),
    (r"temp", r"depth", -1, "water or ground that is heated from above is colder further down"),
    (r"\bni(?![a-z])", r"mgo", 1,
     "olivine takes up nickel strongly, so that a melt which crystallises olivine loses nickel along with magnesium"),
    (r"\bcr(?![a-z])", r"mgo", 1, "chromite and pyroxene take up chromium early, while magnesium is still high"),
    (r"k2o|tio2|p2o5|na2o|\bzr(?![a-z])|\bla(?![a-z])", r"mgo", -1,
     "elements that olivine and pyroxene do not take up stay behind, and are enriched in the melt as magnesium falls"),
    (r"cao|al2o3", r"mgo", 1,
     "where plagioclase or clinopyroxene crystallise together with olivine,"
     " calcium and aluminium fall along with magnesium"),
    (r"conductivit|\bec\b", r"\bcl|chlorid|tds|salin", 1, "dissolved ions carry the current"),
    (r"\bas(?![a-z])|arsenic", r"\bfe(?![a-z])|iron", 1,
     "iron oxides hold arsenic, and release it with the iron where they are reduced"),
    (r"koc|\bkd\b|sorption", r"kow|logp", 1, "less polar substances prefer organic matter over water"),
)  # fmt: skip
"""Outcome and driver as patterns on column names, the expected sign, and the reason."""


def sample_hypotheses(view: RunView, table: Table) -> list[Draft]:
    """Relations between columns of a measured table, as statements that new samples can refute.

    Args:
        view: The run.
        table: Its samples.

    Returns:
        Drafts with the column that each names as driver, the firmest first, no column explained twice by columns that
        say the same; none where nothing stands up to the number of pairs.
    """
    ids = {candidate.structure: candidate.id for candidate in table.candidates if candidate.kind == "sample"}
    drafts: list[Draft] = []
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        if evidence.status != "ok" or not isinstance(data.get("pairs"), list) or "samples" not in data or not ids:
            continue
        writer = _Writer(Scribe(table, Grounder.of(view)), data, evidence.id)
        chosen = _chosen(data["pairs"], bool(data.get("outcomes")))
        drafts += [draft for pair in chosen if (draft := writer.relation(pair)) is not None]
    return drafts


def _chosen(pairs: list[dict[str, Any]], named: bool) -> list[dict[str, Any]]:
    """The pairs worth a hypothesis: firm, and first those with a known mechanism; each outcome a few times at most."""
    firm = [_turned(pair, named) for pair in pairs if pair["q"] < FIRM and abs(pair["rho"]) >= LEAST_RHO]
    firm.sort(key=lambda pair: (known_reason(pair["outcome"], pair["driver"]) is None, pair["q"], -abs(pair["rho"])))
    counts: dict[str, int] = {}
    kept = []
    for pair in firm:
        if counts.get(pair["outcome"], 0) >= (3 if named else 2):
            continue
        counts[pair["outcome"]] = counts.get(pair["outcome"], 0) + 1
        kept.append(pair)
    return kept[:MOST]


def _turned(pair: dict[str, Any], named: bool) -> dict[str, Any]:
    """A pair with outcome and driver exchanged, where the mechanism on file runs the other way."""
    if named or known_reason(pair["outcome"], pair["driver"]) or not known_reason(pair["driver"], pair["outcome"]):
        return pair
    return {**pair, "outcome": pair["driver"], "driver": pair["outcome"], "turned": True}


def known_reason(outcome: str, driver: str) -> tuple[int, str] | None:
    """The mechanism on file by which a column moves another: the expected sign and the reason."""
    for one, other, sign, reason in KNOWN:
        if re.search(one, outcome, re.IGNORECASE) and re.search(other, driver, re.IGNORECASE):
            return sign, reason
    return None


class _Writer:
    """Writes about one table of samples."""

    def __init__(self, scribe: Scribe, data: Mapping[str, Any], source: str) -> None:
        self._scribe, self._data, self._source = scribe, data, source

    def _number(self, value: float, name: str) -> Quantity:
        return number(significant_digits(value), "1", source=self._source, name=name)

    def relation(self, pair: Mapping[str, Any]) -> Draft | None:
        """One relation; ``None`` where the samples do not carry it (a turned pair without a slope)."""
        scribe, name, driver = self._scribe, str(pair["outcome"]), str(pair["driver"])
        columns = scribe.table.columns
        if name not in columns or driver not in columns:
            return None
        column, along = columns[name], columns[driver]
        ordered = sorted((c for c in column if c in along), key=lambda c: (along[c], c))
        third = max(len(ordered) // 3, 1)
        lowest, highest = ordered[:third], ordered[-third:]
        effect = sum(column[c] for c in highest) / third - sum(column[c] for c in lowest) / third
        if not effect or effect * pair["rho"] < 0:
            return None
        up = effect > 0
        spread = pooled_spread(column, lowest, highest) or abs(effect) / 4
        numbers = {
            "rho": self._number(pair["rho"], name), "low": self._number(pair["low"], name),
            "high": self._number(pair["high"], name),
            "n": self._number(pair["n"], name), "q": self._number(pair["q"], name),
            "tests": self._number(len(self._data["pairs"]), name), "effect": self._number(effect, name),
            "from": self._number(along[ordered[0]], driver), "to": self._number(along[ordered[-1]], driver),
        }  # fmt: skip
        words = {"what": title(name), "driver": title(driver), "way": "rises" if up else "falls"}
        statement = scribe.write(
            "In samples like these {{what}} {{way}} with {{driver}}: from the lowest to the highest third of"
            " {{driver}} by about {{effect|size}}.",
            words,
            **numbers,
        )
        reason, expected = self._reason(name, driver, pair["rho"])
        relation: Relation = ">" if up else "<"
        prediction = Prediction(
            quantity=name,
            relation=relation,
            value=significant_digits(effect / 2, 2),
            unit="1",
            condition=f"{DIFFERENCE}, new samples with {title(driver)} in the highest third of the range minus the"
            " lowest, measured by the same method, in the column's own unit",
            effect=abs(effect),
            spread=spread,
            source=self._source,
        )
        support = [
            self._support(
                "Over {{n}} samples ({{driver}} from {{from}} to {{to}}) Spearman's rho is {{rho}} ({{level}} interval"
                " {{low}} to {{high}}; p corrected to {{q}} over {{tests}} pairs).",
                words,
                certainty(float(pair["q"])) * (1.0 if expected else 0.85),
                numbers,
            )
        ]
        scope = (
            f"Samples of the kind in this table, {title(driver)} within the range that it covers."
            " They were not drawn at random for this question, so the p value describes this table."
        )
        against = self._against(pair, words, expected)
        subjects = (*lowest[:3], *highest[-3:])
        return drafted("trend", statement, reason, prediction, scope, subjects, support, against), driver

    def _reason(self, name: str, driver: str, rho: float) -> tuple[Any, bool]:
        known = known_reason(name, driver)
        if known is None:
            return self._scribe.write(
                "No mechanism for this pair is on file: the association is the finding, and its cause is open."
            ), False
        sign, reason = known
        if sign * rho > 0:
            return self._scribe.write("{{reason}}.", {"reason": reason[0].upper() + reason[1:]}), True
        return self._scribe.write(
            "This runs against the usual mechanism ({{reason}}), so something that goes along with it must outweigh"
            " that one here.",
            {"reason": reason},
        ), False

    def _against(self, pair: Mapping[str, Any], words: Mapping[str, str], expected: bool) -> list[Support]:
        found: list[Support] = []
        if pair.get("rival"):
            left = float(pair["left"] or 0.0)
            text = (
                "With {{rival}} held constant, rho falls to {{left}}: {{rival}} could be the cause of both."
                if abs(left) < 0.5 * abs(pair["rho"])
                else "{{rival}} is the column that explains most of it; with it held constant rho is still {{left}}."
            )
            found.append(
                self._support(
                    text,
                    {**words, "rival": title(str(pair["rival"]))},
                    0.6 if abs(left) < 0.5 * abs(pair["rho"]) else 0.2,
                    {"left": self._number(left, str(pair["outcome"]))},
                )
            )
        closed = set(self._data.get("closed") or ())
        if pair["outcome"] in closed and pair["driver"] in closed:
            text = (
                "Both are shares of one whole: when one rises another has to fall, so that a part of this is arithmetic"
                " (closure)."
            )
            found.append(self._support(text, words, 0.4, {}))
        if pair["n"] < 12:
            text = "There are only {{n}} samples, and a single unusual one could carry the relation."
            found.append(self._support(text, words, 0.3, {"n": self._number(pair["n"], str(pair["outcome"]))}))
        if not expected or not found:
            found.append(
                self._support(
                    "A correlation does not say which of the two acts, or whether a third does:"
                    " only a change of {{driver}} alone would.",
                    words,
                    0.25,
                    {},
                )
            )
        return found

    def _support(self, text: str, words: Mapping[str, str], weight: float, numbers: Mapping[str, Quantity]) -> Support:
        return Support(
            source=self._source, text=self._scribe.write(text, words, **numbers), weight=round(min(0.9, weight), 3)
        )
