import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.reasoning.grounding import Grounder, figures, ground, join, number
from agent.records import Citation, Quantity

REGISTRY = {
    "c5.logP": Quantity(name="logP", value=3.214, source="e2"),
    "c5.mass": Quantity(name="mass", value=381.373, unit="g/mol", source="e2"),
    "c6.logP": Quantity(name="logP", value=2.9, source="e2"),
    "e3.count": Quantity(name="count", value=24, source="e3"),
    "e4.gap": Quantity(name="gap", value=-4.2, unit="log_molar", uncertainty=0.35, source="e4"),
    "c5.hERG": Quantity(name="hERG", value=0.4, source="e7"),
}
GOAL = "Analogues of COX-2 inhibitors with logP between 2 and 4"


def sources(text: str, **more) -> dict[str, str | None]:
    made = ground(text, REGISTRY, goal=GOAL, **more)
    return {made.text[s.start : s.end]: s.source for s in made.spans}


def test_references_are_rendered_with_unit_uncertainty_and_source():
    made = ground("It has {{c5.mass}}, {{e3.count}} in all, {{e4.gap}}, {{c5.mass|bare}}.", REGISTRY)
    assert made.text == "It has 381.4 g/mol, 24 in all, -4.20 ± 0.35 log(mol/L), 381.4."
    assert [made.text[s.start : s.end] for s in made.spans] == ["381.4 g/mol", "24", "-4.20 ± 0.35 log(mol/L)", "381.4"]
    assert [s.source for s in made.spans] == ["e2", "e3", "e4", "e2"]
    assert made.unverified == ()


def test_an_invented_reference_is_unverified():
    made = ground("It has {{c9.logP}}.", REGISTRY)
    assert made.unverified == ("[c9.logP: no such value]",)


def test_literals_match_by_printed_digits_and_unit():
    assert sources("c5 weighs 381.4 g/mol or 0.3814 kg/mol") == {"381.4": "e2", "0.3814": "e2"}
    assert sources("It weighs 381.4 nM") == {"381.4": None}
    assert sources("a chance of 40 %") == {"40": "e7"}
    assert sources("a logP of 3.2") == {"3.2": "e2"}
    assert sources("some value of 7.77") == {"7.77": None}


def test_the_goals_numbers_may_be_repeated():
    assert sources("c5 stays below 4 and above 2") == {"4": "goal", "2": "goal"}


def test_a_figure_tied_to_a_value_has_to_agree_with_that_value():
    # 2.9 is the logP of c6, and supports no statement about c5.
    assert sources("c5 has a logP of 2.9") == {"2.9": None}
    assert sources("c6 has a logP of 2.9") == {"2.9": "e2"}
    # 24 is a count, and no logP.
    assert sources("a logP of 24") == {"24": None}


def test_an_uncertainty_belongs_to_its_value():
    assert sources("the gap is -4.2 ± 0.35") == {"-4.2": "e4", "0.35": "e4"}
    assert sources("the gap is -4.2 ± 0.21") == {"-4.2": "e4", "0.21": None}


def test_figures_of_cited_passages_count():
    cited = Citation(document="paper.pdf", passage="p7", quote="Its solubility was 5.3 µM at 25 °C.")
    assert sources("measured at 5.3 µM", passages=[cited]) == {"5.3": "p7"}
    assert sources("measured at 5.3 mM", passages=[cited]) == {"5.3": None}


def test_names_are_inserted_as_they_stand():
    made = Grounder({}, names={"c1": "4,4-oddity 17 (c1)"}).write("{{c1}} and {{it}}", {"it": "part 99"})
    assert made.text == "4,4-oddity 17 (c1) and part 99"
    assert made.spans == ()


def test_our_own_templates_must_resolve():
    with pytest.raises(KeyError, match=r"c1\.logP"):
        Grounder({}).write("{{c1.logP}}")


def test_joining_moves_the_spans_along():
    grounder = Grounder({})
    parts = [
        grounder.write("It is {{x}}.", x=number(5, source="e1")),
        grounder.write("And {{y}}.", y=number(7, source="e2")),
    ]
    made = join(parts)
    assert [(made.text[s.start : s.end], s.source) for s in made.spans] == [("5", "e1"), ("7", "e2")]


values = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False).map(lambda x: round(x, 4))


@given(values, st.sampled_from(["1", "g/mol", "eV", "angstrom**2"]))
def test_every_rendered_reference_is_verified(value, unit):
    made = ground("before {{c1.x}} after", {"c1.x": Quantity(name="x", value=value, unit=unit, source="e1")})
    assert made.unverified == ()
    assert [made.text[s.start : s.end] for s in made.spans] == [made.text[len("before ") : -len(" after")]]


@given(st.lists(st.integers(10, 10**6), min_size=1, max_size=5), st.text("abc xyz.,;()", max_size=20))
def test_every_number_that_nothing_supports_is_marked(numbers, words):
    text = f"{words} " + " so ".join(f"value {n}.5" for n in numbers)
    made = ground(text, {"c1.x": Quantity(name="x", value=1.25, source="e1")})
    assert made.unverified == tuple(f"{n}.5" for n in numbers)
    assert made.text == text


@given(st.text(max_size=200))
def test_spans_index_any_text(text):
    made = ground(text, REGISTRY, goal=text)
    ends = 0
    for span in made.spans:
        assert ends <= span.start < span.end <= len(made.text)
        ends = span.end
    assert all(0 <= f.start < f.end <= len(text) for f in figures(text))
