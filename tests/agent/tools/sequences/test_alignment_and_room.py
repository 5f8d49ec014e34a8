"""Alignment, the map, and what importing the room loads."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences.alignment_tools import align_sequences
from agent.tools.sequences.drawing import Feature, feature_map

DNA = st.text(alphabet="ACGT", min_size=10, max_size=80)


@given(DNA)
@settings(max_examples=30, deadline=None)
def test_a_sequence_is_identical_to_itself(sequence):
    result = align_sequences(sequence, sequence)
    assert result.data["identity"] == 100
    assert result.data["differences"] == []


def test_substitutions_and_gaps_have_positions():
    a = "ATGGCTAAAGAACTGTGGCACTAAGGCCTT"
    b = "ATGGCTAAAGATCTGTGGCATAAGGCCTT"  # A12T, and C20 is missing
    result = align_sequences(a, b)
    kinds = {d["kind"] for d in result.data["differences"]}
    assert kinds == {"substitution", "deletion"}
    substitution = next(d for d in result.data["differences"] if d["kind"] == "substitution")
    assert (substitution["a"], substitution["a_position"], substitution["b"]) == ("A", 12, "T")
    deletion = next(d for d in result.data["differences"] if d["kind"] == "deletion")
    assert (deletion["a"], deletion["a_position"]) == ("C", 21)
    assert result.data["columns"] == 30 and result.data["identical"] == 28


def test_insertions_are_runs():
    result = align_sequences("ACGTACGTCCGGTTAACG", "ACGTACGTGATTACCGGTTAACG")
    (difference,) = result.data["differences"]
    assert difference["kind"] == "insertion" and len(difference["b"]) == 5


def test_local_alignment_finds_the_common_part():
    core = "GATTACAGATTACCAGGTAC"
    result = align_sequences("TTTTTTTTTT" + core, core + "CCCCCCCCCC", mode="local")
    assert result.data["identity"] == 100 and result.data["columns"] == len(core)
    assert (result.data["a_start"], result.data["b_start"]) == (11, 1)


def test_proteins_are_scored_by_blosum62():
    # Sickle-cell haemoglobin: E6V of the mature beta chain (V7 counts here without the initiator).
    result = align_sequences("VHLTPEEKSAVTALWGKV", "VHLTPVEKSAVTALWGKV")
    assert [(d["a"], d["a_position"], d["b"]) for d in result.data["differences"]] == [("E", 6, "V")]
    assert result.data["identity"] == pytest.approx(100 * 17 / 18)


def test_nothing_in_common_and_too_long():
    assert align_sequences("AAAAAAAAAA", "CCCCCCCCCC", mode="local").status == "empty"
    with pytest.raises(RepairableToolError, match="too long"):
        align_sequences("A" * 20000, "C" * 20000)


def test_the_map_is_well_formed_svg_with_escaped_names():
    svg = feature_map(
        1000,
        [Feature(10, 300, "+", "a<b"), Feature(900, 50, "+", "over"), Feature(5, 20, "-", "r")],
        [(40, "EcoRI")],
        "t&t",
    )
    root = ElementTree.fromstring(svg)
    polygons = root.findall(".//{http://www.w3.org/2000/svg}polygon")
    assert len(polygons) == 4  # the one across the origin is drawn in two pieces
    assert "EcoRI" in svg and "a&lt;b" in svg
    heights = {float(p.get("points").split()[0].split(",")[1]) for p in polygons}
    assert len(heights) == 3  # two rows above the ruler, one below


def test_importing_the_room_loads_no_domain_library():
    code = "import sys, agent.tools.sequences; print([m for m in ('Bio', 'numpy', 'rdkit') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
