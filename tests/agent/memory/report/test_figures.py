"""Figures: what is plotted follows the goal, the front is the front, and the same candidates give the same SVG."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sample_run import candidates

from agent.memory.desirability import FLOOR, curves_of
from agent.memory.report.drawing.axes import pareto_front
from agent.memory.report.drawing.desirabilities import draw_desirability
from agent.memory.report.drawing.figures import draw_figures
from agent.memory.report.drawing.palette import DARK, LIGHT, themed
from agent.memory.report.strings import words
from agent.reasoning.candidates import rank_candidates
from agent.records import Brief, Constraint, Objective

TABLE = candidates(12)


def brief(**fields) -> Brief:
    return Brief(goal="g", domain="chemistry", playbook="p", **fields)


def texts(svg: str) -> set[str]:
    return {"".join(one.itertext()).strip() for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")}


def test_constrained_quantities_are_plotted_and_their_bounds_shaded() -> None:
    asked = brief(
        constraints=(
            Constraint(quantity="logP", relation="between", low=2, high=4),
            Constraint(quantity="QED", relation=">", low=0.7),
        )
    )
    scatter, distributions = draw_figures(TABLE, asked, words("en"))
    assert {"logP (Crippen)", "QED"} <= texts(scatter.svg)
    assert {"logP (Crippen)", "QED"} <= texts(distributions.svg)
    assert scatter.svg.count(LIGHT["good"]) >= 3 and "shaded" in scatter.caption
    links = [
        value for one in ElementTree.fromstring(scatter.svg).iter() for name, value in one.items() if "href" in name
    ]
    assert {link for link in links if link.startswith("#c")} == {f"#c{number}" for number in range(1, 13)}


def test_two_objectives_bring_the_pareto_front() -> None:
    asked = brief(
        objectives=(
            Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar"),
            Objective(quantity="mass", direction="minimise", unit="g/mol"),
        )
    )
    scatter, _ = draw_figures(TABLE, asked, words("en"))
    assert "Pareto" in scatter.caption and {"molecular weight (g/mol)"} <= texts(scatter.svg)


def test_bounds_are_converted_to_the_axis_unit() -> None:
    asked = brief(constraints=(Constraint(quantity="mass", relation="<", high=0.306, unit="kg/mol"),))
    figures = draw_figures(TABLE, asked, words("en"))
    assert LIGHT["good"] in figures[-1].svg


def test_too_few_or_equal_values_give_no_figure() -> None:
    assert draw_figures(TABLE[:2], None, words("en")) == ()
    assert draw_figures((), brief(), words("en")) == ()
    same = tuple(one.model_copy(update={"quantities": TABLE[0].quantities}) for one in TABLE[:6])
    assert draw_figures(same, None, words("en")) == ()


def test_without_a_brief_the_first_quantities_are_shown() -> None:
    scatter, distributions = draw_figures(TABLE, None, words("en"))
    assert "one point per candidate" in scatter.caption and distributions.wide


def test_the_same_candidates_give_the_same_bytes_in_any_process() -> None:
    here = [figure.svg for figure in draw_figures(TABLE, None, words("ko"))]
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r})\n"
        "from support.sample_run import candidates\n"
        "from agent.memory.report.drawing.figures import draw_figures\n"
        "from agent.memory.report.strings import words\n"
        "figures = draw_figures(candidates(12), None, words('ko'))\n"
        "sys.stdout.buffer.write('\\0'.join(figure.svg for figure in figures).encode())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.decode()
    assert here == there.split("\0")


def test_figures_carry_no_dates_no_fonts_and_ids_of_their_own() -> None:
    figures = draw_figures(TABLE, None, words("en"))
    ids = [one.get("id") for figure in figures for one in ElementTree.fromstring(figure.svg).iter() if one.get("id")]
    assert len(ids) == len(set(ids)) and all(identity.startswith("report-") for identity in ids)
    for figure in figures:
        assert "<metadata" not in figure.svg and "DejaVu" not in figure.svg and "<!--" not in figure.svg


def test_the_page_gives_figures_its_own_colours() -> None:
    assert len(set(LIGHT.values())) == len(LIGHT) and set(LIGHT) == set(DARK)
    assert themed(f"fill: {LIGHT['ink']}") == "fill: var(--ink)"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, by WCAG 2.1 (relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_is_legible_on_every_ground_it_stands_on(theme: dict[str, str]) -> None:
    for text, ground in [
        *(("ink", ground) for ground in ("paper", "card", "accent-soft", "good-soft", "warn-soft", "bad-soft")),
        *(("muted", ground) for ground in ("paper", "card")),
        *(("accent", ground) for ground in ("paper", "card", "accent-soft")),
        *((name, f"{name}-soft") for name in ("good", "warn", "bad")),
    ]:
        assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=30))
def test_the_front_is_what_nothing_dominates(points: list[tuple[int, int]]) -> None:
    front = {points[place] for place in pareto_front(points)}
    undominated = {
        one for one in points if not any(other[0] >= one[0] and other[1] >= one[1] and other != one for other in points)
    }
    assert front == undominated


def test_the_desirability_curves_are_those_that_the_ranking_scores_by() -> None:
    asked = brief(
        objectives=(Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar"),),
        constraints=(Constraint(quantity="logP", relation="between", low=2, high=4),),
    )
    (figure,) = draw_desirability(TABLE, asked, words("en"))
    said = " ".join(texts(figure.svg))
    assert "as possible · weight 1" in said and "2 ≤ logP" in said and "weight 0.5" in said
    pushed, bounded = curves_of(asked, TABLE)
    first = TABLE[0]
    parts = pushed(first.quantities["logS_ESOL"].value), bounded(first.quantities["logP"].value)
    expected = (max(parts[0], FLOOR) * max(parts[1], FLOOR) ** 0.5) ** (1 / 1.5)
    assert next(one for one in rank_candidates(asked, TABLE) if one.id == first.id).score == pytest.approx(expected)
    assert draw_desirability(TABLE, brief(), words("en")) == ()
