"""Hypotheses on the phases of a measured diffraction pattern: that the weaker ones are there, and in which share."""

from __future__ import annotations

from agent.reasoning.grounding import Grounder, number
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import Scribe, significant_digits
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Quantity, Support

SHARE = "phase_share"
TOLERANCE = 0.3
"""Relative spread of shares between two mounts of one powder by intensity alone: preferred orientation and texture."""

LEAST = 5.0
"""Percent of the diffracted intensity that two mounts of one powder differ by at least."""


def identifies(view: RunView) -> bool:
    """Whether a run named the phases of a measured pattern."""
    return any(isinstance(view.payload(e.id).get("phases"), list) for e in view.evidence.values() if e.status == "ok")


def phase_hypotheses(view: RunView, table: Table) -> list[tuple[Hypothesis, str]]:
    """What a second, independently prepared mount of the same powder will show.

    Args:
        view: The run.
        table: Its reference structures; those that were found have a share.

    Returns:
        One draft for every phase found, the weakest first, since it is the one in doubt; none where there is only one.
    """
    shares = table.columns.get(SHARE, {})
    if not identifies(view) or len(shares) < 2:
        return []
    scribe = Scribe(table, Grounder.of(view))
    source = table.source(SHARE)
    absent = [c.structure for c in table.candidates if c.id not in shares]
    drafts = []
    for subject in sorted(shares, key=lambda one: shares[one])[:2]:
        share = shares[subject]
        spread = max(LEAST, TOLERANCE * share) / 2
        low, high = (significant_digits(max(0.0, min(100.0, share + side * 2 * spread)), 2) for side in (-1, 1))

        def figure(value: float) -> Quantity:
            return number(significant_digits(value), "percent", source=source, name=SHARE)

        numbers = {"share": figure(share), "low": figure(low), "high": figure(high)}
        words = {"phase": table.get(subject).structure, "absent": ", ".join(absent)}
        statement = scribe.write(
            "The powder holds {{phase}}: a second mount shows it with {{low}} to {{high}} of the diffracted intensity"
            " ({{share}} in this one).",
            words,
            **numbers,
        )
        reason = scribe.write(
            "Its reflections are needed to explain the pattern beside those of the other phases found; a share of"
            " intensity is no share of mass, for phases scatter differently and plates and needles align.",
            words,
        )
        support = scribe.write("The fit gives {{phase}} {{share}} of the diffracted intensity.", words, **numbers)
        against = scribe.write(
            "Only the references that were given were tried"
            + ("; {{absent}} were looked for and are not needed, down to what the noise hides." if absent else "."),
            words,
        )
        prediction = Prediction(
            quantity=SHARE, relation="between", value=low, high=high, unit="percent",
            condition=f"{subject}; the same powder ground and mounted anew (back-loaded or spun), the same radiation",
            effect=(high - low) / 2, spread=spread, source=source,
        )  # fmt: skip
        drafts.append(
            (
                drafted(
                    "estimate", statement, reason, prediction,
                    "This powder and this instrument; weakly crystalline and amorphous parts are not seen.", (subject,),
                    [Support(source=source, text=support, weight=round(min(0.8, 0.3 + share / 100), 3))],
                    [Support(source=source, text=against, weight=0.25)],
                ),
                "",
            )
        )  # fmt: skip
    return drafts
