"""The scan of melting conditions, against the model's own equations."""

import math

import pytest

from agent.errors import RepairableToolError
from agent.tools.sequences.melting import trend
from agent.tools.sequences.melting_tools import scan_melting_conditions

OLIGO = "CGTTCCAAAGATGTGGGC"


def test_a_line_is_found_and_its_bend():
    found = trend([1, 10, 100], [50.0, 60.0, 70.0])
    assert found.slope == pytest.approx(10) and found.bend == pytest.approx(0, abs=1e-9)
    assert trend([1, 10, 100], [50.0, 63.0, 70.0]).bend == pytest.approx(2)


def test_sodium_follows_owczarzy_2004():
    data = scan_melting_conditions(OLIGO).data["sodium"]
    kelvin = {c: t + 273.15 for c, t in zip(data["concentrations"], data["temperatures"], strict=True)}
    share = sum(base in "GC" for base in OLIGO) / len(OLIGO)

    def correction(molar):
        return (4.29 * share - 3.95) * 1e-5 * math.log(molar) + 9.40e-6 * math.log(molar) ** 2

    for salt in (20, 100, 500):  # equation 22 relates them to the same duplex in 1 M
        assert 1 / kelvin[salt] - 1 / kelvin[1000] == pytest.approx(correction(salt / 1000), abs=2e-8)
    assert 10 < data["slope"] < 20 and data["bend"] < 3


def test_the_reciprocal_temperature_is_linear_in_the_strands_logarithm():
    data = scan_melting_conditions(OLIGO).data["strand"]
    inverse = [1 / (t + 273.15) for t in data["temperatures"]]
    logs = [math.log(c) for c in data["concentrations"]]
    slopes = [(b - a) / (y - x) for a, b, x, y in zip(inverse, inverse[1:], logs, logs[1:], strict=False)]
    # The slope is R / ΔH, with some -140 kcal/mol for eighteen base pairs.
    assert max(slopes) - min(slopes) < 0.01 * abs(slopes[0])
    assert 1.987e-3 / slopes[0] == pytest.approx(-140, abs=20)
    assert 2 < data["slope"] < 6 and data["bend"] < 0.1


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"sequence": "ACGT"}, "does not hold"), ({"sequence": "ACGTNACGTN"}, "does not hold"),
        ({"sequence": OLIGO, "sodium_mM": [50, 50, 100]}, "2 different"),
        ({"sequence": OLIGO, "strand_nM": [1, 2, -3]}, "no concentration"),
    ],
)  # fmt: skip
def test_what_cannot_be_scanned_is_refused(given, word):
    with pytest.raises(RepairableToolError, match=word):
        scan_melting_conditions(**given)
