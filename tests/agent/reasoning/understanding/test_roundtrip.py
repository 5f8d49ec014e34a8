"""Random constraints, written through random templates, are read back as they were."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import InputError
from agent.reasoning.understanding import read_goal
from agent.records import Goal

# Words and a range of sensible values (in tenths), with whether the quantity counts.
QUANTITIES = {
    "logP": (("logP", "clogP", "lipophilicity"), 0, 80, False),
    "QED": (("QED", "drug-likeness"), 1, 9, False),
    "mass": (("MW", "molecular weight", "분자량"), 1000, 9000, False),
    "TPSA": (("TPSA", "polar surface area"), 100, 2000, False),
    "HBD": (("HBD", "H-bond donors", "hydrogen bond donors"), 1, 9, True),
    "HBA": (("HBA", "hydrogen-bond acceptors"), 1, 15, True),
    "rotatable_bonds": (("rotatable bonds",), 1, 15, True),
    "SA_score": (("SA score", "synthetic accessibility"), 15, 95, False),
    "hERG": (("hERG", "hERG liability"), 1, 9, False),
}
UPPER = {
    "<": ("{q} below {x}", "{q} < {x}", "{q} should be less than {x}", "{q} under {x}", "{q}가 {x} 미만"),
    "<=": ("{q} at most {x}", "{q} ≤ {x}", "{q}<={x}", "{q} must not exceed {x}", "{q} {x} or less", "{q} {x} 이하"),
}
LOWER = {
    ">": ("{q} above {x}", "{q} > {x}", "{q} greater than {x}", "{q} over {x}", "{q}가 {x} 초과"),
    ">=": ("{q} at least {x}", "{q} ≥ {x}", "{q} no less than {x}", "{q} {x} or more", "{q} {x} 이상"),
}
BETWEEN = ("{q} between {x} and {y}", "{q} {x}-{y}", "{q} from {x} to {y}", "{q} {x}–{y}", "{q} {x}에서 {y} 사이")
COUNTED = {"<=": ("no more than {x} {q}", "at most {x} {q}", "up to {x} {q}"), ">=": ("at least {x} {q}",)}


@st.composite
def written_bounds(draw: st.DrawFn) -> tuple[str, tuple[str, str, float | None, float | None]]:
    key = draw(st.sampled_from(sorted(QUANTITIES)))
    words, low, high, counts = QUANTITIES[key]
    word = draw(st.sampled_from(words))
    x = draw(st.integers(low, high - 1))
    y = draw(st.integers(x + 1, high))
    scale = 1 if counts else 10
    first, second = x / scale, y / scale
    relation = draw(st.sampled_from(("<", "<=", ">", ">=", "between")))
    if relation == "between":
        template = draw(st.sampled_from(BETWEEN))
        bound = (key, relation, first, second)
    else:
        choices = (UPPER | LOWER)[relation]
        if counts and not word.isupper():
            choices += COUNTED.get(relation, ())
        template = draw(st.sampled_from(choices))
        bound = (key, relation, first, None) if relation[0] == ">" else (key, relation, None, first)
    return template.format(q=word, x=f"{first:g}", y=f"{second:g}"), bound


@settings(max_examples=300, deadline=None)
@given(
    st.lists(written_bounds(), min_size=1, max_size=4, unique_by=lambda item: item[1][0]),
    st.sampled_from((", ", "; ", " and ")),
)
def test_what_is_written_is_read(written: list, joint: str) -> None:
    text = "Design molecules with " + joint.join(text for text, _ in written)
    parts = read_goal(Goal(text=text))
    read = {(c.quantity, c.relation, c.low, c.high) for c in parts.constraints}
    assert read == {bound for _, bound in written}, text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_as_input(text: str) -> None:
    bounds = ()
    with contextlib.suppress(InputError):  # anything else would be a defect
        bounds = (parts := read_goal(Goal(text=text))).constraints
    assert all(bound.text in parts.text for bound in bounds)
