import pytest

from agent.reasoning.grounding import figures


def written(text: str) -> list[str]:
    return [text[figure.start : figure.end] for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A logP of 3.2. The next sentence has 4.", [3.2, 4]),
        ("−4.20 ± 0.35 log(mol/L)", [-4.2, 0.35]),
        ("between -3 and +2, or 2–4, or 2-4, or 5 to 7", [-3, 2, 2, 4, 2, 4, 5, 7]),
        ("1.5×10^-5 M, 2e-5, 3.1 × 10⁻⁵ cm/s, 10^-3", [1.5e-5, 2e-5, 3.1e-5, 1e-3]),
        ("12,000 rows and 1,234.5 and 12\u202f000", [12000, 1234.5, 12000]),
        ("40 % or 40%, 3-fold, 96-well, 24-hour", [40, 40, 3, 96, 24]),
        ("10mM for 30min at 25 °C, pH 7.4 or pH7.4", [10, 30, 25, 7.4, 7.4]),
        ("n=8, p<0.05, .05", [8, 0.05, 0.05]),
        ("3, 4 and 5 candidates (1 of 7)", [3, 4, 5, 1, 7]),
        ("95 % interval [2, 4]", [95, 2, 4]),
    ],
)
def test_reads_figures(text, expected):
    assert [figure.value for figure in figures(text)] == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "COX-2, CYP3A4, 5-HT2A, IL-6, IC50, LD50 and hERG",
        "candidates c5 and c12, evidence e3, step s2",
        "CC1=CC=C(C=C1)C2=CC(=NN2C3=CC=C(C=C3)S(=O)(=O)N)C(F)(F)F",
        "the SMILES c1ccccc1O, [NH4+] and C1CC1.",
        "4-fluoro, 1,3-dioxane, N-methyl-2-pyrrolidone and 2-phenylethanol",
        "4-[5-(4-methylphenyl)-3-(trifluoromethyl)pyrazol-1-yl]benzenesulfonamide",
        "sp3 carbon, Lipinski's rule of five, the rule of 5",
        "Fe2O3, Ca(OH)2, La0.7Sr0.3MnO3 in P2_1/c and I4/mmm",
        "as reported (Delaney, 2004), (2019), [12], [3, 4], Smith et al. 2001",
        "doi 10.1021/ci034243x, https://example.org/2024/12, CAS 50-78-2, 2026-11-22",
        "1. First\n2. Second\n(3) Third",
        "Figure 2, Table 1, step 3 and page 12",
        "the 5'-end, 13C NMR, 1H NMR, 2D maps, the 1st",
        "wavenumbers in cm-1 and cm^-1",
    ],
)
def test_passes_over_what_is_no_figure(text):
    assert written(text) == []


def test_a_decimal_hung_onto_a_word_is_still_a_figure():
    assert written("mean-3.5 and about-40%") == ["3.5", "40"]


def test_reads_the_unit_that_follows_and_no_english_word():
    assert [f.unit for f in figures("381.4 g/mol, 2 in 4, 5 a day, 5.43 Å, 50 nM.")] == [
        "g/mol",
        None,
        None,
        None,
        "Å",
        "nM",
    ]


def test_the_digits_shown_set_what_rounds_to_a_figure():
    figure = figures("3.5")[0]
    assert figure.shows(3.5499) and figure.shows(3.45) and not figure.shows(3.56)
    thousand = figures("1.5×10^3")[0]
    assert thousand.shows(1540) and not thousand.shows(1560)
