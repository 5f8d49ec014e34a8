"""Cleaning, type detection and files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences import text
from agent.tools.sequences.analysis_tools import read_sequences, reverse_complement
from agent.tools.sequences.reading import parse

DNA = st.text(alphabet="ACGT", min_size=1, max_size=200)
IUPAC = st.text(alphabet="ACGTRYSWKMBDHVN", min_size=1, max_size=100)

GENBANK = """LOCUS       TEST1                     36 bp    DNA     circular SYN 01-JAN-2020
DEFINITION  A small test plasmid.
ACCESSION   TEST1
VERSION     TEST1.1
FEATURES             Location/Qualifiers
     source          1..36
     CDS             complement(4..21)
                     /gene="abc"
ORIGIN
        1 atgaaacccg ggtttaaata gctagctagg catgca
//
"""


@given(IUPAC)
def test_reverse_complement_is_an_involution(sequence):
    assert text.reverse_complement(text.reverse_complement(sequence)) == sequence


@given(DNA)
def test_reverse_complement_pairs_base_by_base(sequence):
    pairs = {"A": "T", "T": "A", "G": "C", "C": "G"}
    assert text.reverse_complement(sequence) == "".join(pairs[base] for base in reversed(sequence))
    assert text.gc_percent(sequence) == pytest.approx(text.gc_percent(text.reverse_complement(sequence)))


def test_pasted_text_is_cleaned():
    assert text.dna(">x\n 1 acgu acgt\n 9 nn\n") == "ACGTACGTNN"
    assert text.protein(" mkv w* ") == "MKVW"


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("ACGTACGT", "dna"),
        ("ACGUACGU", "rna"),
        ("MKTAYIAK", "protein"),
        ("SVKRHDSVKR", "protein"),
        ("ACGTNNACGT", "dna"),
    ],
)
def test_types_are_told_apart(sequence, expected):
    assert text.detect(sequence) == expected


def test_errors_name_argument_letter_and_place():
    with pytest.raises(RepairableToolError, match=r"template has 'E' at position 5.*looks like a protein"):
        text.dna("ACGTEFL", "template")
    with pytest.raises(RepairableToolError, match="'X' at position 3"):
        text.protein("MKX")
    with pytest.raises(RepairableToolError, match="empty"):
        text.dna(" \n")


def test_iupac_patterns_find_overlapping_sites():
    assert [m.start() for m in text.pattern("ANA").finditer("ACAGA")] == [0, 2]


def test_fasta_with_several_types(tmp_path):
    file = tmp_path / "mixed.fasta"
    file.write_text(">one first one\nACGT\nACGT\n\n>two\nMKTAYIAKQR*\n>three\nACGUACGU\n")
    result = read_sequences(str(file))
    assert result.status == "ok"
    assert result.data["type"] == "mixed"
    assert result.data["names"] == ["one", "two", "three"]
    assert result.data["dna"] == ["ACGTACGT", "ACGTACGT"]
    assert result.data["proteins"] == ["MKTAYIAKQR"]
    assert [draft.structure for draft in result.candidates] == ["ACGTACGT", "MKTAYIAKQR*", "ACGUACGU"]
    assert result.data["records"][0]["description"] == "first one"


def test_genbank_keeps_topology_and_features(tmp_path):
    file = tmp_path / "plasmid.gb"
    file.write_text(GENBANK)
    result = read_sequences(str(file))
    record = result.data["records"][0]
    assert record["circular"] is True
    assert record["features"] == [{"type": "CDS", "start": 4, "end": 21, "strand": -1, "label": "abc"}]
    assert result.data["sequences"] == ["ATGAAACCCGGGTTTAAATAGCTAGCTAGGCATGCA"]
    assert result.artifacts[0].media_type == "image/svg+xml"


def test_plain_letters_with_numbers():
    (found,) = parse("1 acgtacgtac gtacgtacgt\n21 acgt\n", "clip.txt")
    assert (found.letters, found.type, found.name) == ("ACGTACGTACGTACGTACGTACGT", "dna", "clip")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (">a\nACGT\n>b\nAC!T\n", "line 4: '!'"),
        (">a\n>b\nACGT\n", "line 1: the record 'a'"),
        ("ACGT\n{json: 1}\n", "line 2"),
        ("   \n", "is empty"),
        ("LOCUS       BAD\nthis is not genbank\n", "GenBank"),
    ],
)
def test_bad_files_name_the_line(tmp_path, content, complaint):
    file = tmp_path / "bad.txt"
    file.write_text(content)
    with pytest.raises(RepairableToolError, match=complaint):
        read_sequences(str(file))


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(RepairableToolError, match="cannot be read"):
        read_sequences(str(tmp_path / "none.fa"))
    file = tmp_path / "x.bin"
    file.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(RepairableToolError, match="not a text file"):
        read_sequences(str(file))


def test_the_tool_gives_the_other_strand():
    result = reverse_complement("GAATTC")
    assert result.data == {"sequence": "GAATTC", "palindrome": True}
    assert reverse_complement("ATGC").candidates[0].structure == "GCAT"
