import pytest

from agent.errors import RepairableToolError
from agent.tools.experiments import size_experiment
from agent.tools.experiments.power_core import sample_size


# J. Cohen, Psychological Bulletin 112 (1992) 155, table 2: replicates a group, power .8, alpha .05, two-sided t test.
@pytest.mark.parametrize(("d", "alpha", "n"), [(0.2, 0.05, 393), (0.5, 0.05, 64), (0.8, 0.05, 26), (0.5, 0.01, 95)])
def test_two_groups_as_published(d, alpha, n):
    # The table rounds to the nearest whole number, and ours has to reach the power.
    assert size_experiment(d, 1, alpha=alpha).data["replicates"] == pytest.approx(n, abs=1)


# The same table: analysis of variance, Cohen's f .25 and .40, power .8, alpha .05.
@pytest.mark.parametrize(("f", "groups", "n"), [(0.25, 3, 52), (0.25, 4, 45), (0.40, 3, 21), (0.40, 4, 18)])
def test_more_groups_as_published(f, groups, n):
    # For the least favourable arrangement f = range / spread * sqrt(1 / (2 k)).
    effect = f * (2 * groups) ** 0.5
    assert size_experiment(effect, 1, groups=groups).data["replicates"] == pytest.approx(n, abs=1)


def test_the_power_is_reached_and_not_exceeded_needlessly():
    from statsmodels.stats.power import TTestIndPower

    size = sample_size(0.7, 0.5, power=0.9, alpha=0.05, groups=2, two_sided=True, least=2)
    reach = TTestIndPower().power
    assert reach(1.4, size.replicates, 0.05) >= 0.9 > reach(1.4, size.replicates - 1, 0.05)
    assert size.power == pytest.approx(reach(1.4, size.replicates, 0.05))


@pytest.mark.parametrize(("effect", "alpha", "groups"), [(5, 0.001, 1), (5, 0.001, 2), (0.5, 0.01, 1), (2, 0.01, 2)])
def test_the_power_of_a_clear_effect_is_a_number(effect, alpha, groups):
    # The noncentral t distribution cannot be computed far on the wrong side, where nothing is.
    size = sample_size(effect, 1, power=0.999, alpha=alpha, groups=groups, two_sided=True, least=2)
    assert 0.999 <= size.power <= 1


def test_a_clear_effect_still_gets_three_replicates():
    result = size_experiment(5, 0.1)
    assert result.data["replicates"] == 3
    assert result.data["total"] == 6
    assert result.data["power"] > 0.99


def test_one_group_needs_fewer():
    assert size_experiment(1, 1, groups=1).data["replicates"] < size_experiment(1, 1).data["replicates"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"effect": 1, "spread": 0}, "spread"),
        ({"effect": 1, "spread": -1}, "spread"),
        ({"effect": 0, "spread": 1}, "effect"),
        ({"effect": float("nan"), "spread": 1}, "effect"),
        ({"effect": 1, "spread": 1, "power": 1}, "power"),
        ({"effect": 1, "spread": 1, "alpha": 0}, "alpha"),
        ({"effect": 1, "spread": 1, "power": 0.05, "alpha": 0.1}, "power"),
        ({"effect": 1, "spread": 1, "groups": 0}, "groups"),
        ({"effect": 1, "spread": 1, "least": 1}, "least"),
        ({"effect": 1e-6, "spread": 1}, "practical|more than"),
    ],
)
def test_refuses_what_cannot_be_sized(arguments, word):
    with pytest.raises(RepairableToolError, match=word):
        size_experiment(**arguments)
