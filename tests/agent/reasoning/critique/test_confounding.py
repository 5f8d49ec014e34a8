import random

import numpy as np
import pytest
from scipy import stats
from support.runs import molecule_brief, quantity, view

from agent.reasoning.critique.confounding import confounders, partial_rank
from agent.reasoning.hypotheses.table import tabulate
from agent.records import Candidate


def residual_correlation(x, y, z) -> float:
    """The same by another way: correlate what is left of the ranks after regressing them on the third's ranks."""
    rx, ry, rz = (stats.rankdata(values) for values in (x, y, z))
    design = np.column_stack([np.ones(len(rz)), rz])
    left = [r - design @ np.linalg.lstsq(design, r, rcond=None)[0] for r in (rx, ry)]
    return float(np.corrcoef(*left)[0, 1])


@pytest.mark.parametrize("seed", range(5))
def test_a_partial_rank_correlation_is_that_of_the_residuals(seed):
    rng = random.Random(seed)
    z = [rng.gauss(0, 1) for _ in range(30)]
    x, y = [a + rng.gauss(0, 1) for a in z], [a + rng.gauss(0, 1) for a in z]
    found = partial_rank(x, y, z)
    assert found.rho == pytest.approx(residual_correlation(x, y, z), abs=1e-9)
    assert found.low < found.rho < found.high


def test_nothing_can_be_told_where_the_third_determines_the_first():
    z = list(range(10))
    assert (partial_rank(z, [a % 4 for a in z], z).low, partial_rank(z, [a % 4 for a in z], z).high) == (-1.0, 1.0)


def chain(real: str) -> tuple[Candidate, ...]:
    """Solubility is moved by TPSA alone or by logP alone, and the two go together."""
    rng = random.Random(5)
    made = []
    for i in range(40):
        tpsa = rng.uniform(60, 120)
        logp = 5 - tpsa / 40 + rng.gauss(0, 0.25)
        value = -6 + 0.03 * tpsa if real == "TPSA" else -1 - 1.0 * logp
        values = {
            "TPSA": quantity("TPSA", tpsa, "angstrom**2"),
            "logP": quantity("logP", logp),
            "HBD": quantity("HBD", float(rng.randint(0, 3))),
            "LD50": quantity("LD50", logp + rng.gauss(0, 0.1)),
            "solubility_AqSolDB": quantity("solubility_AqSolDB", value + rng.gauss(0, 0.1), "log_molar", "e3"),
        }
        made.append(Candidate(id=f"c{i}", kind="molecule", structure="C" * (i + 1), quantities=values))
    return tuple(made)


def test_a_real_confounder_explains_and_a_false_one_does_not():
    for real, explains in (("TPSA", True), ("logP", False)):
        table = tabulate(view(chain(real), molecule_brief(), payloads={}))
        found = confounders(table, "solubility_AqSolDB", table.columns["logP"], "logP")
        assert [one.quantity for one in found] == ["TPSA"]  # HBD does not go with it, LD50 is predicted
        assert found[0].explains is explains
        assert found[0].along < -0.5
        assert found[0].count == 40
