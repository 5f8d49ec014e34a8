"""Sheets and space files: what people get wrong is named, with the row and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.campaign.records import Campaign, Proposal, State
from agent.campaign.sheets import read_sheet, read_words, template
from agent.campaign.spacefile import read_campaign
from agent.errors import ConflictError, InputError
from agent.tools.optimisation.space import Categorical, Continuous, Space, Target

SPACE = Space(
    parameters=(
        Continuous(name="temperature", low=20, high=100, unit="degC"),
        Categorical(name="solvent", values=("water", "ethanol")),
    ),
    objectives=(Target(name="mass", unit="mg"), Target(name="purity", unit="percent")),
)
PROPOSALS = tuple(
    Proposal(experiment=i, round=1, point={"temperature": 20.0 + i, "solvent": "water"}, reason="spread")
    for i in (1, 2, 3)
)
STATE = State(campaign=Campaign(name="c", space=SPACE), proposals=PROPOSALS)
HEAD = "experiment,temperature [degC],solvent,mass [mg],purity [percent],failed,note\n"


def sheet(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "results.csv"
    path.write_text(text)
    return path


def test_a_filled_template_comes_back(tmp_path: Path) -> None:
    text = template(SPACE, PROPOSALS)
    assert text.startswith(HEAD)
    rows = text.splitlines()
    rows[1] = "1,21,water,12.5,98,,good"
    rows[2] = "2,22,water,,,yes,leaked"
    found = read_sheet(sheet(tmp_path, "\n".join(rows) + "\n"), STATE)
    assert [(one.experiment, one.outcomes, one.failed) for one in found.told] == [
        (1, {"mass": 12.5, "purity": 98.0}, False),
        (2, {}, True),
    ]
    assert found.blank == [3]
    assert found.told[1].note == "leaked"


def test_units_of_the_header_are_converted(tmp_path: Path) -> None:
    found = read_sheet(sheet(tmp_path, "experiment,mass [g],purity\n1,0.02,97\n"), STATE)
    assert found.told[0].outcomes["mass"] == pytest.approx(20.0)


def test_the_settings_really_used_count(tmp_path: Path) -> None:
    found = read_sheet(sheet(tmp_path, HEAD + "1,30.5,ethanol,1,2,,\n"), STATE)
    assert found.told[0].point == {"temperature": 30.5, "solvent": "ethanol"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("experiment,mass [s],purity\n1,2,3\n", r"column 'mass \[s\]'.*measure different things"),
        ("experiment,mass [parsnips],purity\n1,2,3\n", "parsnips"),
        (HEAD + "9,21,water,1,2,,\n", "row 2: There is no experiment 9"),
        (HEAD + "one,21,water,1,2,,\n", "'one' is no experiment's number"),
        (HEAD + "1,21,water,1,2,,\n1,21,water,1,2,,\n", "row 3: Experiment 1 is in the sheet twice"),
        (HEAD + "1,300,water,1,2,,\n", "row 2: temperature = 300 is out of range"),
        (HEAD + "1,21,benzene,1,2,,\n", "not one of its categories"),
        (HEAD + "1,21,water,lots,2,,\n", "mass must be a number, and 'lots' is none"),
        (HEAD + "1,21,water,1,inf,,\n", "purity must be a number"),
        (HEAD + "1,21,water,1,,,\n", "half filled: purity is missing"),
        (HEAD + "1,21,water,1,2,perhaps,\n", "'perhaps' under 'failed'"),
        (HEAD, "has no rows"),
        ("experiment,colour\n1,red\n", "Unknown: colour"),
        ("experiment,mass,mass,purity\n1,2,2,3\n", "columns repeat: mass"),
    ],
)
def test_mistakes_in_a_sheet_are_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_sheet(sheet(tmp_path, text), STATE)


def test_mistakes_in_words_are_named() -> None:
    with pytest.raises(InputError, match="no key=value"):
        read_words(["81"], STATE)
    with pytest.raises(InputError, match="given twice"):
        read_words(["mass=1", "mass=2"], STATE)
    with pytest.raises(InputError, match="missing: temperature, solvent"):
        read_words(["mass=1", "purity=2"], STATE)


GOOD = """
batch = 3
[[parameters]]
kind = "continuous"
name = "t"
low = 0
high = 10
unit = "min"
[[objectives]]
name = "y"
"""


def test_a_space_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text(GOOD)
    campaign = read_campaign("c", path, seed=4, batch=None)
    assert (campaign.batch, campaign.seed, campaign.space.factors) == (3, 4, ("t",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it has no parameters"),
        ("[[parameters]\n", "is damaged"),
        (GOOD.replace('"min"', '"parsecs_per_egg"'), "parsecs_per_egg"),
        (GOOD.replace("high = 10", "high = -1"), "must be below high"),
        (GOOD.replace("batch = 3", "batch = 0"), "batch"),
        (GOOD.replace("batch = 3", "colour = 3"), "colour"),
        (GOOD + '[[constraints]]\nkind = "linear"\nweights = {t = 1}\nlow = 20\n', "can only be 0 to 10"),
        (GOOD + '[[constraints]]\nkind = "exclude"\nwhen = {t = [0, 10]}\n', "search space is empty"),
    ],
)
def test_mistakes_in_a_space_file_are_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "space.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_campaign("c", path)


def test_an_empty_space_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text(GOOD + '[[constraints]]\nkind = "exclude"\nwhen = {t = [0, 10]}\n')
    with pytest.raises(ConflictError):
        read_campaign("c", path)


# --- replicates and conditions --------------------------------------------------------------------------------------


def replicated(tmp_path: Path) -> tuple[Any, Path]:
    space = Space.model_validate(
        {
            "parameters": [
                {"kind": "categorical", "name": "base", "values": ["none", "KOH"]},
                {"kind": "continuous", "name": "amount", "low": 0, "high": 1, "unit": "g", "when": {"base": "KOH"}},
            ],
            "objectives": [{"name": "y"}],
        }
    )
    proposals = (
        Proposal(experiment=1, round=1, point={"base": "none"}, reason="spread"),
        Proposal(experiment=2, round=1, point={"base": "KOH", "amount": 0.5}, reason="spread"),
    )
    state = State(campaign=Campaign(name="c", space=space, replicates=2), proposals=proposals)
    path = tmp_path / "sheet.csv"
    path.write_text(template(space, proposals, 2))
    return state, path


def test_replicates_are_averaged_and_wait_for_each_other(tmp_path: Path) -> None:
    state, path = replicated(tmp_path)
    lines = path.read_text().splitlines()
    assert lines[0] == "experiment,replicate,base,amount [g],y,failed,note"
    assert lines[1:3] == ["1,1,none,,,,", "1,2,none,,,,"]
    filled = ["1,1,none,,4,,", "1,2,none,,6,,odd", "2,1,KOH,0.5,1,,", "2,2,KOH,0.5,,,"]
    path.write_text("\n".join([lines[0], *filled]) + "\n")
    sheet = read_sheet(path, state)
    (told,) = sheet.told
    assert (told.outcomes, told.repeats, told.measured, told.note) == ({"y": 5.0}, 2, {"y": (4.0, 6.0)}, "odd")
    assert sheet.blank == [2] and told.point == {"base": "none"}
    filled[3] = "2,2,KOH,0.5,,yes,"
    path.write_text("\n".join([lines[0], *filled]) + "\n")
    assert read_sheet(path, state).told[1].repeats == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1,1,none,,6,,", "Experiment 1, replicate 1, is in the sheet twice"),
        ("1,zero,none,,6,,", "'zero' is no replicate's number"),
        ("1,2,none,0.4,6,,", "belongs only where base is KOH"),
        ("1,2,KOH,0.4,6,,", "differ in their settings"),
        ("2,1,KOH,,6,,", "missing: amount"),
        ("2,1,KOH,700,6,,", "out of range"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path: Path, row: str, says: str) -> None:
    state, path = replicated(tmp_path)
    path.write_text("experiment,replicate,base,amount [g],y,failed,note\n1,1,none,,4,,\n" + row + "\n")
    with pytest.raises(InputError, match=says):
        read_sheet(path, state)
