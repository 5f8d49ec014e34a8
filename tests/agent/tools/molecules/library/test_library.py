"""Screening a file: every line once, its number right, whatever the parts; and what users' files get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.chunks import in_one_process
from agent.tools.molecules.library.file import count_lines, cut, read_layout, read_part
from agent.tools.molecules.library.tool import CHUNKS, screen_library

LIBRARY = [
    "CCO ethanol",
    "c1ccccc1O phenol",
    "CC(=O)Oc1ccccc1C(=O)O aspirin",
    "C1CC(",
    "",
    "CCCCCCCC octane",
    "OCC again",
]


def arguments(path: Path, **given: object) -> dict:
    plain = {"path": str(path), "constraints": [], "objectives": [], "keep": [], "avoid": [], "count": 100}
    return plain | given


@given(
    lines=st.lists(st.sampled_from(["CCO", "", "c1ccccc1 benzene", "N"]), min_size=1, max_size=30),
    size=st.integers(1, 40),
)
@settings(max_examples=60)
def test_every_line_belongs_to_one_part_with_its_own_number(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int
) -> None:
    path = tmp_path_factory.mktemp("library") / "some.smi"
    path.write_text("CC first\n" + "\n".join(lines))
    layout = read_layout(path)
    found, line = {}, layout.first_line
    for part in cut(path, layout, size):
        for number, smiles, _ in read_part(path, layout, **part):
            assert line + number not in found
            found[line + number] = smiles
        line += count_lines(path, layout, **part)
    every = ["CC", *(text.split(" ")[0] for text in lines)]
    assert found == {number: smiles for number, smiles in enumerate(every, 1) if smiles}


@pytest.mark.parametrize("part", [1, 30, 10_000])
def test_the_parts_do_not_change_the_outcome(tmp_path: Path, part: int) -> None:
    path = tmp_path / "library.smi"
    path.write_text("\n".join(LIBRARY) + "\n")
    wanted = [Constraint(quantity="logP", relation="<", high=2.0).plain()]
    result = in_one_process(CHUNKS, arguments(path, constraints=wanted, part=part))
    assert result.data["read"] == 6
    assert result.data["rejected"] == {
        "logP outside the limits": 1,
        "not a structure that can be read": 1,
        "the same structure as an earlier line": 1,
    }
    assert [one.name for one in result.candidates] == ["aspirin", "phenol", "ethanol"]  # by QED
    assert result.warnings[0].startswith("line 4: ")


def test_a_table_with_a_header_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "library.csv"
    path.write_text('id,remark,SMILES\nA-1,"cheap, pure",CCO\nA-2,,c1ccccc1O\n')
    best = Objective(quantity="logP", direction="maximise")
    result = screen_library(str(path), objectives=[best], keep=["[OX2H]"])
    assert [(one.name, one.labels["line"]) for one in result.candidates] == [("A-2", "3"), ("A-1", "2")]


def test_nothing_that_qualifies_is_empty_and_says_what_binds(tmp_path: Path) -> None:
    path = tmp_path / "library.smi"
    path.write_text("CCO\nCCC\n")
    result = screen_library(str(path), constraints=[Constraint(quantity="mass", relation=">", low=500, unit="g/mol")])
    assert result.status == "empty"
    assert "mass outside the limits" in result.summary


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", b"compound,activity\nA,1\n", "no column of SMILES"),
        ("packed.smi", b"\x1f\x8b\x08\x00", "compressed"),
        ("void.smi", b"", "empty"),
        ("image.smi", b"\x89PNG\0\0", "no text"),
    ],
)
def test_files_that_cannot_be_screened(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RepairableToolError, match=said):
        screen_library(str(path))
