"""What is drawn in cells and pixels: plots, features, cells of crystals, pictures in every protocol."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agent import events as ev
from agent.errors import EngineMissing, StorageError
from agent.memory.files.artifacts import keep_artifact
from agent.memory.ledger import Ledger
from agent.records import ArtifactContent, Candidate, Evidence
from tui.drawing import pictures, portraits, raster
from tui.drawing.plots import Series, plot
from tui.runs.follow import Follower, RunModel
from tui.texts.evidence import evidence_content
from tui.texts.hypotheses import beside

CIF = """\
data_NaCl
_symmetry_space_group_name_H-M   Fm-3m
_cell_length_a   5.64010000
_cell_length_b   5.64010000
_cell_length_c   5.64010000
_cell_angle_alpha   90.00000000
_cell_angle_beta   90.00000000
_cell_angle_gamma   90.00000000
_cell_volume   179.41596000
loop_
 _atom_site_type_symbol
 _atom_site_label
 _atom_site_symmetry_multiplicity
 _atom_site_fract_x
 _atom_site_fract_y
 _atom_site_fract_z
 _atom_site_occupancy
  Na+  Na0  4  0.00000000  0.00000000  0.00000000  1
  Cl-  Cl1  4  0.50000000  0.50000000  0.50000000  1.0
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#ff0000"/></svg>'
)


def model_with(folder: Path, *evidence: Evidence) -> RunModel:
    ledger = Ledger(folder)
    for one in evidence:
        ledger.append(ev.StepFinished(step=one.step, evidence=one))
    model = RunModel(folder)
    model.take(Follower(folder).poll())
    return model


def bring(folder: Path, tool: str, data: dict, *files: ArtifactContent) -> Evidence:
    body = json.dumps({"data": data})
    kept = keep_artifact(folder, ArtifactContent(name="e1.json", media_type="application/json", content=body))
    artifacts = tuple(keep_artifact(folder, file) for file in files)
    return Evidence(id="e1", step="s1", tool=tool, status="ok", summary="", payload=kept.path, artifacts=artifacts)


# --- plots ------------------------------------------------------------------------------------------------------------


def test_points_stand_where_they_belong() -> None:
    drawn = plot([Series([(0, 0), (10, 100)], glyph="●")], 40, 10, x="time / s", y="yield / %")
    assert drawn is not None
    lines = drawn.plain.splitlines()
    assert len(lines) <= 11 and max(map(len, lines)) <= 40
    assert "yield / %" in lines[0] and "time / s" in lines[-1]
    high, low = (next(n for n, line in enumerate(lines) if "●" in line) for lines in (lines, lines[::-1]))
    assert lines[high].index("●") > lines[::-1][low].index("●")  # the later point is the higher one
    assert any(line.startswith("100 ") for line in lines) and any("0 ┤" in line for line in lines)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e-3, 1e9)), min_size=1, max_size=40),
    st.sampled_from(["points", "line", "steps", "sticks"]),
    st.integers(24, 120),
    st.integers(6, 30),
)
def test_a_plot_never_leaves_its_room(points: list[tuple[float, float]], kind: str, width: int, height: int) -> None:
    drawn = plot([Series(points, kind)], width, height, x="x", y="y")
    assert drawn is not None
    lines = drawn.plain.splitlines()
    assert max(map(len, lines)) <= max(width, 24) + 14 and len(lines) <= height + 1


def test_nothing_is_drawn_of_nothing_or_without_room() -> None:
    assert plot([Series([(0.0, float("nan"))])], 40, 10) is None
    assert plot([Series([(0, 1)])], 10, 3) is None


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_a_crystal_shows_its_cell_and_its_pattern(tmp_path: Path) -> None:
    old = CIF.replace("5.64010000", "5.00000000")
    files = [
        ArtifactContent(name=f"{n}.cif", media_type="chemical/x-cif", content=text, title="NaCl")
        for n, text in enumerate((old, CIF))
    ]
    peaks = [{"two_theta": 31.7, "intensity": 100.0}, {"two_theta": 45.4, "intensity": 55.0}]
    model = model_with(tmp_path, bring(tmp_path, "simulate_xrd", {"structure": "NaCl", "peaks": peaks}, *files))
    crystal = Candidate(id="c1", kind="crystal", structure="NaCl")
    shown = "\n".join(str(row) for row in portraits.portrait(model, crystal, 80))
    assert "a 5.640  b 5.640  c 5.640 Å" in shown and "Fm-3m" in shown and "179.42 Å³" in shown  # the later file
    assert re.search(r"Cl1\s+Cl\s+0\.5000", shown) and "2θ / °" in shown
    assert portraits.pattern_of(model, "KCl") == []
    model.patterns["KCl"] = [(28.3, 100.0)]  # what the researcher asked for
    assert portraits.pattern_of(model, "KCl") == [(28.3, 100.0)]
    evidence = evidence_content(model, model.history.evidence["e1"], 80)
    assert "2θ / °" in evidence.plain


def test_features_lie_on_their_sequence_with_their_strand() -> None:
    orfs = [
        {"start": 1, "end": 50, "strand": "+", "protein": "M" * 16},
        {"start": 100, "end": 51, "strand": "-", "protein": "M" * 17},
    ]
    first, second = [str(row) for row in portraits.feature_map({"orfs": orfs, "length": 100}, 62)[2:]]
    assert "▶" in first and "ORF 16 aa 1–50" in first
    assert second.index("◀") > first.index("▶") - 2 and "51–100" in second
    assert portraits.feature_map({"orfs": []}, 62) == [] and portraits.feature_map({"orfs": orfs}, 10) == []


def test_sequences_and_recipes_are_laid_out(tmp_path: Path) -> None:
    model = RunModel(tmp_path)
    sequence = portraits.portrait(model, Candidate(id="c1", kind="sequence", structure="ACGT" * 200), 60)
    assert "Sequence (800)" in str(sequence[1]) and "ACGTACGTAC GTACGTACGT" in str(sequence[2])
    recipe = portraits.portrait(model, Candidate(id="c1", kind="recipe", structure='{"temperature": 80}'), 60)
    assert "temperature" in str(recipe[-1]) and "80" in str(recipe[-1])
    assert portraits.portrait(model, Candidate(id="c1", kind="recipe", structure="not JSON"), 60) == []


def test_tables_show_what_fits(tmp_path: Path) -> None:
    text = "name,mass,note\n" + "".join(f"row {n},{n},{'long ' * 9}\n" for n in range(30))
    file = ArtifactContent(name="t.csv", media_type="text/csv", content=text, title="Masses")
    model = model_with(tmp_path, bring(tmp_path, "t", {}, file))
    shown = evidence_content(model, model.history.evidence["e1"], 30).plain
    assert "Masses" in shown and "row 11" in shown and "row 12" not in shown
    assert "and 18 rows and 1 column more" in shown


def test_two_columns_stay_apart() -> None:
    from textual.content import Content

    rows = beside(Content("one two three four"), Content("alpha"), 8)
    assert [row.plain.index("│") for row in rows] == [9] * len(rows) and len(rows) >= 2


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(width: int = 12, height: int = 14) -> Image.Image:
    made = Image.new("RGB", (width, height), "#ffffff")
    made.paste("#0000ff", (0, 0, width // 2, height))
    return made


def unsixel(text: str, size: tuple[int, int]) -> Image.Image:
    """Reads sixels back, as another implementation."""
    body = text.removeprefix("\x1bPq").removesuffix("\x1b\\")
    made, colours, x, top, colour = Image.new("RGB", size), {}, 0, 0, (0, 0, 0)
    for token in re.findall(r'"[\d;]+|#\d+;2;\d+;\d+;\d+|#\d+|!\d+.|[?-~]|\$|-', body):
        if token[0] == "#" and ";" in token:
            number, _, *levels = (int(part) for part in token[1:].split(";"))
            colours[number] = tuple(round(level * 2.55) for level in levels)
        elif token[0] == "#":
            colour = colours[int(token[1:])]
        elif token == "$":
            x = 0
        elif token == "-":
            x, top = 0, top + 6
        elif token[0] != '"':
            count, bits = (int(token[1:-1]), ord(token[-1]) - 63) if token[0] == "!" else (1, ord(token) - 63)
            for column in range(x, x + count):
                for row in range(6):
                    if bits >> row & 1:
                        made.putpixel((column, top + row), colour)
            x += count
    return made


def test_sixels_read_back_as_the_picture() -> None:
    assert unsixel(raster.sixel(picture()), (12, 14)).tobytes() == picture().tobytes()


def test_kitty_pieces_make_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    import base64
    import io

    monkeypatch.setattr(raster, "CHUNK", 16)
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", raster.kitty(picture()))
    assert pieces[0][0].startswith("a=T,f=100")
    assert "".join(head[-1] for head, _ in pieces) == "1" * (len(pieces) - 1) + "0"
    data = base64.standard_b64decode("".join(piece for _, piece in pieces))
    assert Image.open(io.BytesIO(data)).tobytes() == picture().tobytes()


@pytest.mark.parametrize(("truecolor", "blue"), [(True, "38;2;0;0;255"), (False, "38;5;21")])
def test_half_blocks_hold_two_pixels_each(truecolor: bool, blue: str) -> None:
    lines = raster.half_blocks(picture(4, 5), truecolor=truecolor).split("\r\n")
    assert len(lines) == 3 and all(line.count("▀") == 4 for line in lines) and blue in lines[0]


def test_an_svg_becomes_pixels_that_fit(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="pictures need typst")
    (tmp_path / "red.svg").write_text(SVG)
    made = raster.pixels(tmp_path / "red.svg", 200, 60)
    assert made.width <= 200 and made.height <= 60 and made.getpixel((made.width // 2, made.height // 2)) == (255, 0, 0)


def test_what_is_no_picture_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.svg").write_text("<svg")
    with pytest.raises(StorageError, match=r"bad\.svg cannot be shown"):
        raster.pixels(tmp_path / "bad.svg", 100, 100)
    with pytest.raises(StorageError, match=r"gone\.png"):
        raster.pixels(tmp_path / "gone.png", 100, 100)
    monkeypatch.setattr(raster, "_CALL", "import no_such_module_anywhere")
    (tmp_path / "red.svg").write_text(SVG)
    with pytest.raises(EngineMissing, match="typst"):
        raster.pixels(tmp_path / "red.svg", 100, 100)


@pytest.mark.parametrize(
    ("answer", "way", "cell"),
    [
        ("\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;4;22c", "kitty", (9, 18)),
        ("\x1b[6;20;10t\x1b[?62;4;22c", "sixel", (10, 20)),
        ("\x1b[?1;2c", "cells", (10, 20)),
        ("\x1b[?64;1;24c", "cells", (10, 20)),
        ("", "cells", (10, 20)),
    ],
)
def test_the_best_way_that_the_terminal_says_it_has(answer: str, way: str, cell: tuple[int, int]) -> None:
    ability = pictures.Ability(answer)
    assert (ability.way, ability.cell) == (way, cell)
