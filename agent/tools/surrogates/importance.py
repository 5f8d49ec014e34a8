"""Which features matter: how much worse held-out rows are predicted when one feature is shuffled.

Source: L. Breiman, Machine Learning 45 (2001) 5; correlated features share their importance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.tools.surrogates.stacking import assign_folds
from agent.tools.surrogates.views import Views

TREES = 150
SHUFFLED = 25
"""Features that are shuffled: those that the trees split on most."""
REPEATS = 5


@dataclass(frozen=True)
class Importance:
    """A feature, and by how much shuffling it raises the mean absolute error, in the values' unit."""

    feature: str
    rise: float
    deviation: float


def permutation_importance(views: Views, values: np.ndarray, seed: int) -> list[Importance]:
    """The features that matter most to extra trees on the named table, judged on a fifth of the rows.

    Args:
        views: Of the training structures.
        values: One for each, shape (n,).
        seed: Of the split, the trees and the shuffling.

    Returns:
        Features whose shuffling raises the error, the most important first.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    view, names = views.named()
    table = views.training().tables[view]
    fold = assign_folds(len(values), seed)
    inside, outside = fold != 0, fold == 0
    forest = ExtraTreesRegressor(TREES, max_features=0.3, random_state=seed, n_jobs=1)
    forest.fit(table[inside], values[inside])
    judged, truth = table[outside], values[outside]
    before = float(np.abs(forest.predict(judged) - truth).mean())
    draw = np.random.default_rng(seed)
    found = []
    for place in np.argsort(-forest.feature_importances_, kind="stable")[:SHUFFLED]:
        rises = []
        for _ in range(REPEATS):
            shuffled = judged.copy()
            shuffled[:, place] = draw.permutation(shuffled[:, place])
            rises.append(float(np.abs(forest.predict(shuffled) - truth).mean()) - before)
        if np.mean(rises) > 0:
            found.append(Importance(names[place], float(np.mean(rises)), float(np.std(rises))))
    return sorted(found, key=lambda one: -one.rise)
