"""What a search brought: who qualifies, who is chosen, what stood in the way, and the figures."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agent.records import ArtifactContent, CandidateDraft, Value
from agent.vocabulary import by_key, title

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.archive import Archive
    from agent.tools.molecules.evolution.order import Order
    from agent.tools.molecules.evolution.stereo import Origins

WEIGHTS = (0.5, 1.0, 2.0, 4.0, 16.0)
"""Weights of the likeness to those already chosen, against a score between 0 and 1: the least that makes the choice
diverse enough is taken.
"""

DIVERSE = 0.72
"""Internal diversity that is enough: the mean Tanimoto distance of two chosen molecules (Morgan bits, radius 2)."""

CHOSEN_FROM = 800
"""Qualified molecules from which the returned ones are chosen: the best of each scaffold, then the best of all."""


class Outcome:
    """A finished search.

    Args:
        order: What was searched for.
        archive: What was scored.
    """

    def __init__(self, order: Order, archive: Archive) -> None:
        self._order, self._archive = order, archive

    @cached_property
    def qualified(self) -> list[tuple[str, float]]:
        """What meets everything, with its score, best first."""
        met = self._order.score.met
        return [(smiles, value) for smiles, value in self._archive.top(len(self._archive)) if met(smiles)]

    def data(self) -> dict[str, Any]:
        """Plain data for later steps; nothing is chosen yet."""
        order, score = self._order, self._order.score
        failures = score.failures()
        return {
            "smiles": [],
            "scores": [],
            "scored": len(self._archive),
            "qualified": len(self.qualified),
            "history": order.history[:: max(len(order.history) // 50, 1)],
            "failures": failures,
            "binding": failures[0]["constraint"] if failures else "",
            "nearest": [] if self.qualified else self._nearest(),
            "model": self._model(),
            "unchecked": list(score.requirements.unchecked),
        }

    def choose(self, count: int) -> list[tuple[str, float]]:
        """Choose by score and by difference from those chosen before, the weight of the difference as low as will do.

        Source:
            J. Carbonell, J. Goldstein, SIGIR 1998, 335 (maximal marginal relevance), with the mean likeness to those
            chosen and to the nearest of them in equal parts.
        """
        from rdkit import Chem

        from agent.tools.molecules.descriptors import fingerprint

        met = self._order.score.met
        firsts = [pair for pair in self._archive.champions(len(self._archive)) if met(pair[0])]
        pool = list(dict([*firsts[: CHOSEN_FROM // 2], *self.qualified[:CHOSEN_FROM]]).items())[:CHOSEN_FROM]
        pool.sort(key=lambda pair: (-pair[1], pair[0]))
        bits = [fingerprint(Chem.MolFromSmiles(smiles)) for smiles, _ in pool]
        scores = [score for _, score in pool]
        tries: list[tuple[float, list[int]]] = []
        for weight in WEIGHTS:
            tries.append(_marginal(bits, scores, min(count, len(pool)), weight))
            if tries[-1][0] >= DIVERSE:
                break
        enough = [one for one in tries if one[0] >= DIVERSE]
        chosen = (enough[0] if enough else max(tries, key=lambda one: one[0]))[1] if pool else []
        return sorted((pool[index] for index in chosen), key=lambda pair: (-pair[1], pair[0]))

    @cached_property
    def _origins(self) -> Origins:
        from agent.tools.molecules.evolution.stereo import Origins

        return Origins(self._order.given)

    def arranged(self, smiles: str) -> tuple[str, int]:
        """A scored molecule with the arrangements of the start molecules that it keeps, and how many they are."""
        return self._origins.arranged(smiles) if self._origins else (smiles, 0)

    def kept(self, chosen: list[str]) -> list[str]:
        """What the reader should know of the arrangements, where the start molecules define any."""
        if not self._origins:
            return []
        count = sum(self.arranged(smiles)[1] > 0 for smiles in chosen)
        return [
            f"the stereocentres of the start molecules keep their arrangement in {count} of {len(chosen)} molecules, "
            "where nothing around them changed; all others are left open"
        ]

    def drafts(self, chosen: list[str]) -> list[CandidateDraft]:
        """The chosen molecules, arranged as the start molecules are, with everything that is known of them."""
        from rdkit import Chem

        from agent.tools.molecules.descriptors import ALONE, describe, values
        from agent.tools.molecules.structures import scaffold

        mols = [Chem.MolFromSmiles(smiles) for smiles in chosen]
        judged = self._order.model.judge(mols) if self._order.model else [None] * len(mols)
        placed = self._fronts(chosen)
        drafts = []
        for smiles, mol, verdict, front in zip(chosen, mols, judged, placed, strict=True):
            known = self._order.score.rows[smiles]
            row = describe(mol, ALONE) | ({"similarity": known["similarity"]} if "similarity" in known else {})
            structure, arranged = self.arranged(smiles)
            labels = {
                "scaffold": scaffold(mol),
                "open_stereocentres": str(open_stereocentres(Chem.MolFromSmiles(structure))),
            }
            if arranged:
                labels["kept_stereocentres"] = str(arranged)
            extra = [
                Value(name=key, value=value, unit=by_key()[key].unit)
                for key, value in known.items()
                if key not in row and key != "predicted"
            ]
            if verdict is not None:
                extra.append(Value(name="predicted", value=verdict[0], uncertainty=verdict[1]))
                labels["domain"] = "inside" if verdict[2] else "outside"
            if front:
                labels["front"] = str(front)
            drafts.append(
                CandidateDraft(kind="molecule", structure=structure, values=(*values(row), *extra), labels=labels)
            )
        return drafts

    def artifacts(self, chosen: list[str]) -> list[ArtifactContent]:
        """The desirability curves, the front of the first two objectives, and the state to go on from."""
        from agent.tools.molecules.specification.figures import Curve, desirability_figure, front_figure

        score = self._order.score
        rows = [score.rows[smiles] for smiles in chosen]
        curves = [
            Curve(
                f"{scale.objective.direction} {key}",
                _axis(key),
                scale.desirability,
                [row[key] for row in rows if key in row],
            )
            for scale in score.scales
            for key in [scale.objective.quantity]
        ]
        made = [_figure("desirability.svg", desirability_figure(curves), "How desirable each value is")]
        pushed = [scale.objective for scale in score.scales][:2]
        pairs = [[row[item.quantity] for item in pushed if item.quantity in row] for row in rows]
        if len(pushed) == 2 and all(len(pair) == 2 for pair in pairs):
            points = [(pair[0], pair[1], front == 1) for pair, front in zip(pairs, self._fronts(chosen), strict=True)]
            names = [f"{_axis(item.quantity)}, {item.direction}" for item in pushed]
            made.append(_figure("front.svg", front_figure(points, *names), "Candidates by the first two objectives"))
        state = json.dumps(self._archive.snapshot(), separators=(",", ":"))
        made.append(
            ArtifactContent(
                name="search-state.json", media_type="application/json", content=state, title="State of the search"
            )
        )
        return made

    def _fronts(self, chosen: list[str]) -> list[int]:
        """The front of each chosen molecule by its desirabilities; 0 for all, if there is one objective."""
        from agent.tools.molecules.specification.front import fronts

        score = self._order.score
        if len(score.scales) < 2:
            return [0] * len(chosen)
        keys = [scale.objective.quantity for scale in score.scales]
        table = [[score.desirabilities(smiles).get(key, 0.0) for key in keys] for smiles in chosen]
        return fronts(table)

    def _nearest(self, count: int = 5) -> list[dict[str, Any]]:
        score = self._order.score
        order = sorted(
            self._archive.smiles,
            key=lambda smiles: (
                sum(score.gaps[smiles].values())
                + sum(key not in score.rows[smiles] for key in score.requirements.keys),
                smiles,
            ),
        )
        return [
            {
                "smiles": smiles,
                "values": {key: score.rows[smiles].get(key) for key in score.requirements.keys},
                "violated": [score.in_words(name) for name in sorted(score.gaps[smiles])],
                "not_computed": [key for key in score.requirements.keys if key not in score.rows[smiles]],
            }
            for smiles in order[:count]
        ]

    def _model(self) -> dict[str, Any] | None:
        model, table = self._order.model, self._order.table
        if model is None or table is None:
            return None
        return {
            "column": model.name,
            "used": model.count,
            "skipped": list(table.skipped),
            "cross_validated_error": model.error,
            "explained_variance": model.explained,
        }


def _marginal(bits: list[Any], scores: list[float], count: int, weight: float) -> tuple[float, list[int]]:
    """Choose one after the other by the score less the weighted likeness to those chosen.

    Returns:
        The mean Tanimoto distance of two chosen ones, and their places.
    """
    import numpy as np
    from rdkit.DataStructs import BulkTanimotoSimilarity

    nearest, total = np.zeros(len(bits)), np.zeros(len(bits))
    left, worth = np.ones(len(bits), dtype=bool), np.array(scores)
    chosen: list[int] = []
    within = 0.0
    while len(chosen) < count:
        like = 0.5 * (nearest + total / max(len(chosen), 1))
        best = int(np.argmax(np.where(left, worth - weight * like, -np.inf)))
        within += float(total[best])
        left[best] = False
        chosen.append(best)
        row = np.array(BulkTanimotoSimilarity(bits[best], bits))
        nearest, total = np.maximum(nearest, row), total + row
    pairs = len(chosen) * (len(chosen) - 1) / 2
    return (1 - within / pairs if pairs else 0.0), chosen


def open_stereocentres(mol: Mol) -> int:
    """Stereocentres and double bonds whose arrangement a structure leaves open."""
    from rdkit import Chem

    unspecified = Chem.StereoSpecified.Unspecified
    return sum(item.specified == unspecified for item in Chem.FindPotentialStereo(mol))


def _axis(key: str) -> str:
    unit = by_key()[key].unit
    return title(key) + (f" ({unit})" if unit != "1" else "")


def _figure(name: str, svg: str, told: str) -> ArtifactContent:
    return ArtifactContent(name=name, media_type="image/svg+xml", content=svg, title=told)
