"""Hypotheses on recipes: what the model of the user's own measurements predicts, in a form that the next batch decides.

The quantities are the user's (columns of a table of measured recipes), so that no textbook mechanism and no published
error applies: what a hypothesis rests on is the table alone, and its spread is the scatter around the fitted model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import DIFFERENCE, Scribe, certainty, significant_digits
from agent.reasoning.hypotheses.statistics import association
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Constraint, Hypothesis, Prediction, Quantity, Relation, Support
from agent.vocabulary import title

LEAST_EXPLAINED = 0.1
"""Cross-validated share of the variance below which the model predicts no better than the mean, and says nothing."""

Draft = tuple[Hypothesis, str]


def recipe_hypotheses(view: RunView, table: Table) -> list[Draft]:
    """What the measured recipes of a run lead to expect of the proposed ones.

    Args:
        view: The run.
        table: Its recipes.

    Returns:
        Drafts with the component that each is about: the best recipe's level first, then the effect of each component
        that stands up; none where nothing was measured or the model predicts nothing.
    """
    ids = {candidate.structure: candidate.id for candidate in table.candidates}
    drafts: list[Draft] = []
    for evidence in view.evidence.values():
        data = view.payload(evidence.id)
        if evidence.status != "ok" or not isinstance(data.get("contrasts"), list) or "measured" not in data:
            continue
        if float(data.get("predicted") or 0.0) < LEAST_EXPLAINED:
            continue
        writer = _Writer(view, Scribe(table, Grounder.of(view)), data, evidence.id)
        if (best := next(iter(table.candidates), None)) is not None and table.columns.get(data["response"]):
            drafts.append((writer.level(table.best.id if table.best else best.id), ""))
        for contrast in data["contrasts"]:
            if all(key in ids for key in contrast["recipes"]):
                drafts.append(
                    (writer.contrast(contrast, *(ids[key] for key in contrast["recipes"])), contrast["component"])
                )
    return drafts


class _Writer:
    """Writes about one table of measured recipes."""

    def __init__(self, view: RunView, scribe: Scribe, data: Mapping[str, Any], source: str) -> None:
        self._view, self._scribe, self._data, self._source = view, scribe, data, source
        self._name: str = data["response"]
        self._unit = scribe.table.unit(self._name)
        self._spread = float(data["deviation"])
        self._values = [float(value) for value in data["measured"]["values"]]

    def _number(self, value: float, unit: str | None = None) -> Quantity:
        shown = self._unit if unit is None else unit
        return number(significant_digits(value), shown, source=self._source, name=self._name)

    def level(self, subject: str) -> Hypothesis:
        """The best recipe meets the goal's bound, or else lies where the model puts it."""
        data, scribe, name = self._data, self._scribe, self._name
        value = scribe.estimate(subject, name)
        factor = (float(data["interval"][1]) - float(data["interval"][0])) / 2
        bound = self._bound()
        low, high = (significant_digits(value.value + side * factor, 4) for side in (-1, 1))
        relation: Relation = "between"
        if bound is not None and bound.low is not None and bound.high is None:
            relation, low = ">", bound.low
        elif bound is not None and bound.high is not None and bound.low is None:
            relation, low = "<", bound.high
        prediction = Prediction(
            quantity=name,
            relation=relation,
            value=low,
            high=high if relation == "between" else None,
            unit=self._unit,
            condition=f"{subject}, made and measured as the recipes of the table were",
            effect=abs(value.value - low) if relation != "between" else factor,
            spread=self._spread,
            source=self._source,
        )
        numbers = {
            "value": value, "low": self._number(low), "high": self._number(high),
            "n": self._number(len(self._values), "1"),
            "share": self._number(100 * float(data["predicted"]), "percent"),
            "error": self._number(float(data.get("cross_validated_error", 0.0) or self._spread)),
            "left": self._number(value.value - factor), "right": self._number(value.value + factor),
        }  # fmt: skip
        words = {
            "subject": subject,
            "what": title(name),
            "model": str(data["model"]),
            "side": "above" if relation == ">" else "below",
        }
        statement = scribe.write(
            "{{subject}} has a {{what}} between {{low}} and {{high}}: the model of the measured recipes predicts"
            " {{value}}."
            if relation == "between"
            else "{{subject}} has a {{what}} {{side}} {{low}}: the model of the measured recipes predicts {{value}}.",
            words,
            **numbers,
        )
        reason = scribe.write(
            "A {{model}} mixture model of {{n}} measured recipes reproduces recipes that it was not fitted to within"
            " {{error}} and explains {{share}} of their variance; it has no chemistry in it,"
            " and holds inside the measured ranges.",
            words,
            **numbers,
        )
        support = [
            Support(
                source=self._source,
                text=scribe.write(
                    "The {{level}} prediction interval at {{subject}} is {{left}} to {{right}}.", words, **numbers
                ),
                weight=round(min(0.9, max(0.2, float(data["predicted"]))), 3),
            )
        ]
        against = [*self._untried(subject), *self._lack()]
        scope = f"{subject}, by the {data['model']} model of {len(self._values)} measured recipes."
        return drafted("estimate", statement, reason, prediction, scope, (subject,), support, against)

    def contrast(self, contrast: Mapping[str, Any], best: str, other: str) -> Hypothesis:
        """More of one component, the others in proportion, raises or lowers the response."""
        scribe, name, component = self._scribe, self._name, str(contrast["component"])
        more, less = (best, other) if contrast["fractions"][0] > contrast["fractions"][1] else (other, best)
        effect, error = float(contrast["difference"]), float(contrast["error"])
        up = effect > 0
        half = significant_digits(effect / 2, 2)
        prediction = Prediction(
            quantity=name,
            relation=">" if up else "<",
            value=half,
            unit=self._unit,
            condition=f"{DIFFERENCE}: {more} minus {less}, made and measured side by side",
            effect=abs(effect),
            spread=self._spread,
            source=self._source,
        )
        place = self._data["names"].index(component)
        column = [float(point[place]) for point in self._data["measured"]["points"]]
        alone = association(column, self._values)
        amounts = sorted(float(one) for one in contrast["fractions"])
        numbers = {
            "effect": self._number(effect), "error": self._number(error), "p": self._number(float(contrast["p"]), "1"),
            "least": self._number(amounts[0], "1"), "most": self._number(amounts[1], "1"),
            "n": self._number(len(column), "1"), "rho": self._number(alone.rho, "1"),
            "low": self._number(alone.low, "1"), "high": self._number(alone.high, "1"),
            "from": self._number(min(column), "1"), "to": self._number(max(column), "1"),
        }  # fmt: skip
        words = {
            "component": component, "what": title(name), "way": "raises" if up else "lowers",
            "more": more, "less": less, "model": str(self._data["model"]),
        }  # fmt: skip
        statement = scribe.write(
            "More {{component}} {{way}} the {{what}}: from a fraction of {{least}} ({{less}}) to {{most}} ({{more}}),"
            " the other components in proportion, by about {{effect|size}}.",
            words,
            **numbers,
        )
        reason = scribe.write(
            "No mechanism is claimed: the {{model}} model of the measured recipes gives {{component}} this effect"
            " along the line on which the other components keep their proportions.",
            words,
        )
        support = [
            Support(
                source=self._source,
                text=scribe.write(
                    "The model of {{n}} measured recipes predicts {{effect}} with a standard error of {{error}} (p"
                    " {{p}}, corrected for the number of components).",
                    words,
                    **numbers,
                ),
                weight=certainty(float(contrast["p"])),
            )
        ]
        agrees = alone.rho * effect > 0 and not alone.low <= 0 <= alone.high
        told = Support(
            source=self._source,
            text=scribe.write(
                "Over the measured recipes ({{component}} from {{from}} to {{to}}) Spearman's rho of its fraction with"
                " the {{what}} is {{rho}} ({{level}} interval {{low}} to {{high}})."
                + ("" if agrees else " By itself it does not show this effect: the other components change along."),
                words,
                **numbers,
            ),
            weight=0.4,
        )
        closed = Support(
            source=self._source,
            text=scribe.write(
                "Fractions add to one: more {{component}} is less of the others, and this comparison cannot tell which"
                " of the two acts.",
                words,
            ),
            weight=0.2,
        )
        against = [*([] if agrees else [told]), closed, *self._lack()]
        scope = (
            f"Recipes of {', '.join(self._data['names'])} within the measured ranges, at the others' proportions of"
            f" {best}."
        )
        support += [told] if agrees else []
        return drafted("trend", statement, reason, prediction, scope, (less, more), support, against)

    def _bound(self) -> Constraint | None:
        return next((one for one in self._view.brief.constraints if one.quantity == self._name), None)

    def _untried(self, subject: str) -> list[Support]:
        """The best recipe was picked for its prediction, and is predicted beyond what was measured, if it is."""
        best = self._data.get("best_measured")
        value = self._scribe.estimate(subject, self._name).value
        words = {"subject": subject, "what": title(self._name)}
        picked = self._scribe.write(
            "{{subject}} was picked because its prediction is the best: such a prediction is too good on average.",
            words,
        )
        found = [Support(source=self._source, text=picked, weight=0.3)]
        maximise = self._data.get("goal") == "maximise"
        if best is not None and (value > best if maximise else value < best):
            text = self._scribe.write(
                "No measured recipe reached this: the best has {{best}}.", words, best=self._number(float(best))
            )
            found.append(Support(source=self._source, text=text, weight=0.3))
        return found

    def _lack(self) -> list[Support]:
        """What the fit itself says against the model."""
        lack: float | None = self._data.get("lack_of_fit")
        if lack is None or lack >= 0.05:
            return []
        text = self._scribe.write(
            "The scatter around the model is more than the replicates allow (lack of fit, p {{p}}).",
            {},
            p=self._number(float(lack), "1"),
        )
        return [Support(source=self._source, text=text, weight=0.5)]
