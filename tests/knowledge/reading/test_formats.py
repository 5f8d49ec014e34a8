"""Every format is read from a real file, made by the format's own library where there is one."""

import random
from collections import Counter
from pathlib import Path

import openpyxl
import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx.util import Inches

from knowledge.errors import ReadingError
from knowledge.reading import ReadingLimits, read_document
from knowledge.reading.chemistry import hill
from knowledge.reading.tables import sheet_text


def test_slides_are_pages_with_tables_and_notes(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Screening of perovskites"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in enumerate((("Sample", "gap / eV"), ("MAPbI3", "1.55"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    slide.notes_slide.notes_text_frame.text = "Ask for the spectra."
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "Second slide"
    show.core_properties.author = "Ana Kim"
    path = tmp_path / "talk.pptx"
    show.save(str(path))
    parsed = read_document(path)
    assert [page.number for page in parsed.pages] == [1, 2]
    assert "| MAPbI3 | 1.55 |" in parsed.pages[0].text and "Notes: Ask for the spectra." in parsed.pages[0].text
    assert (parsed.metadata.title, parsed.metadata.authors) == ("Screening of perovskites", ("Ana Kim",))
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(ReadingError, match="damaged PPTX"):
        read_document(path)


def test_sheets_are_pages_with_named_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Yields"
    for row in (["Run", "T / K", "Yield"], ["a", 300, 0.81], ["b", None, 0.5]):
        book.active.append(row)
    book.create_sheet("Empty")
    path = tmp_path / "data.xlsx"
    book.save(path)
    parsed = read_document(path)
    assert "Run: a; T / K: 300; Yield: 0.81" in parsed.pages[0].text
    assert "Run: b; Yield: 0.5" in parsed.pages[0].text
    assert parsed.pages[1].text.startswith("Sheet Empty.")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "name,pKa\naspirin,3.5\n"), ("b.csv", "name;pKa\naspirin;3.5\n"), ("c.tsv", "name\tpKa\naspirin\t3.5\n"),
     ("d.csv", "# made by hand\nname,pKa\naspirin,3.5\n")],
)  # fmt: skip
def test_values_are_read_with_their_columns(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert "name: aspirin; pKa: 3.5" in read_document(tmp_path / name).pages[0].text


def test_a_long_table_of_numbers_is_described(tmp_path: Path) -> None:
    rows = "\n".join(f"{n / 10},{(n - 1000) ** 2}" for n in range(2001))
    (tmp_path / "spectrum.csv").write_text(f"energy,counts\n{rows}\n")
    text = read_document(tmp_path / "spectrum.csv").pages[0].text
    assert "energy: 0 to 200, mean 100." in text and "counts: 0 to 1e+06" in text
    assert len(text) < 2000


@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8))
def test_any_table_makes_text(rows: list[list[str]]) -> None:
    text = sheet_text(rows, ReadingLimits())
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert all(" ".join(cell.split()) in text for row in filled[1:] for cell in row if cell.strip())


def test_latex_is_read_without_its_commands(tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(r"""
\documentclass{article}
\title{On \emph{Zeolites} and {\"U}ber-water}
\author{Ana Kim\thanks{KIST} \and Bo Lee}
\date{May 2019}
\begin{document}\maketitle
\section{Results} % a remark that nobody should see
The uptake is $q = 0.31\,$g/g at 25\,\% humidity \cite{kim2001}.
\begin{thebibliography}{9}\bibitem{a} Left out.\end{thebibliography}
\end{document}""")
    parsed = read_document(tmp_path / "paper.tex")
    stated = parsed.metadata
    assert (stated.title, stated.authors, stated.year) == ("On Zeolites and Über-water", ("Ana Kim", "Bo Lee"), 2019)
    text = parsed.pages[0].text
    assert "The uptake is $q = 0.31" in text and "25" in text
    assert "nobody should see" not in text and "Left out" not in text and "\\section" not in text


def test_formulas_and_amounts_of_latex_are_words(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(
        r"\title{T}\begin{document}\maketitle TiO$_2$, \(\mathrm{Zn_4O(BDC)_3}\), Ca$^{2+}$ and $\alpha$-Al$_{2}$O$_3$"
        r" at 25 $^{\circ}$C, \SI{5}{\milli\gram\per\litre}, $x^2+y_1$.\end{document}"
    )
    text = read_document(tmp_path / "a.tex").pages[0].text
    assert text == "TiO2, Zn4O(BDC)3, Ca²⁺ and α-Al2O3 at 25 °C, 5 mg/L, $x^2+y_1$."


JATS = """<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group><journal-title>J. Tests
</journal-title></journal-title-group></journal-meta><article-meta><article-id pub-id-type="doi">10.5555/JX</article-id>
<title-group><article-title>Kinetics of <italic>lactase</italic></article-title></title-group><contrib-group>
<contrib contrib-type="author"><name><surname>Kim</surname><given-names>Ana</given-names></name></contrib>
</contrib-group><pub-date><year>2021</year></pub-date><permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/>
</permissions><abstract><p>We measure.</p></abstract></article-meta></front><body><sec><title>Results</title>
<p>K<sub>m</sub> is 2.5 mM <xref>[1]</xref>.<fig><label>Figure 1</label><caption><p>The curve.</p></caption></fig></p>
<table-wrap><label>Table 1</label><caption><p>Values.</p></caption><table><tr><th>pH</th><th>Km</th></tr><tr><td>7</td>
<td>2.5</td></tr></table></table-wrap></sec></body><back><ref-list><ref>Left out</ref></ref-list></back></article>"""


def test_jats_gives_text_tables_and_captions(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(JATS)
    parsed = read_document(tmp_path / "a.xml")
    stated = parsed.metadata
    assert (stated.title, stated.authors, stated.year) == ("Kinetics of lactase", ("Ana Kim",), 2021)
    assert (stated.doi, stated.venue) == ("10.5555/jx", "J. Tests")
    assert stated.licence == "https://creativecommons.org/licenses/by/4.0/"
    text = parsed.pages[0].text
    assert "Km is 2.5 mM" in text and "| 7 | 2.5 |" in text and "Left out" not in text
    assert text.index("Km is") < text.index("Figure 1 The curve.")


def test_hostile_xml_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><article>&b;</article>'
    outside = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><article>&x;</article>'
    for content, reason in ((bomb, "entities"), (outside, "entities"), ("<a>", "well-formed"), ("<rss/>", "<rss>")):
        (tmp_path / "a.xml").write_text(content)
        with pytest.raises(ReadingError, match=reason):
            read_document(tmp_path / "a.xml")


def test_molecules_are_indexed_by_name_formula_and_properties(tmp_path: Path) -> None:
    from rdkit import Chem
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    smiles = ["CC(=O)Oc1ccccc1C(=O)O", "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F", "O",
              "C[N+](C)(C)CC(=O)[O-]", "OB(O)c1ccccc1", "CP(=O)(O)O", "[Na+].[Cl-]", "C#N", "CS(C)=O",
              "[13CH3]Br"]  # fmt: skip
    path = tmp_path / "set.sdf"
    with Chem.SDWriter(str(path)) as writer:
        for number, one in enumerate(smiles):
            molecule = Chem.MolFromSmiles(one)
            molecule.SetProp("_Name", f"compound {number}")
            molecule.SetProp("solubility", f"{number} mg/L")
            writer.write(molecule)
    parsed = read_document(path)
    assert len(parsed.pages) == len(smiles)
    for number, (one, page) in enumerate(zip(smiles, parsed.pages, strict=True)):
        formula = CalcMolFormula(Chem.MolFromSmiles(one)).rstrip("+-")
        assert page.text == f"compound {number}.\nMolecule with the formula {formula}.\nsolubility: {number} mg/L."


@given(st.lists(st.sampled_from(["C", "H", "N", "O", "Cl", "Fe"]), min_size=1, max_size=30))
def test_hill_order_counts_every_atom(atoms: list[str]) -> None:
    import re

    parts = re.findall(r"([A-Z][a-z]?)(\d*)", hill(Counter(atoms)))
    assert {symbol: int(count or 1) for symbol, count in parts} == Counter(atoms)


def test_crystals_are_indexed_by_formula_symmetry_and_cell(tmp_path: Path) -> None:
    (tmp_path / "a.cif").write_text("""# a comment
data_halite
_publ_section_title
;
 The structure of
 rock salt
;
loop_
_publ_author_name
'Kim, A.' "Lee, B."
_journal_year 1999
_chemical_formula_sum 'Cl Na'
_chemical_name_mineral Halite
_space_group_name_H-M_alt 'F m -3 m'
_cell_length_a 5.6402(2)
loop_
_atom_site_label
_atom_site_fract_x
Na1 0.0
Cl1 0.5
data_second
_chemical_formula_sum Si
""")
    parsed = read_document(tmp_path / "a.cif")
    first, second = (page.text for page in parsed.pages)
    for told in ("Formula: NaCl.", "Mineral: Halite.", "Space group: F m -3 m.", "a / Å: 5.6402(2).", "2 atom sites"):
        assert told in first
    assert "Formula: Si." in second
    stated = parsed.metadata
    assert (stated.title, stated.authors, stated.year) == ("The structure of rock salt", ("Kim, A.", "Lee, B."), 1999)


def test_sequences_are_indexed_by_name_kind_and_length(tmp_path: Path) -> None:
    genome = "".join(random.Random(1).choices("ACGT", k=9000))
    (tmp_path / "a.fasta").write_text(f">P1 Inventase\nMKTAYIAK\nQRQ\n>g1\n{genome}\n>r1 made up\nACGUU\n")
    protein, gene, rna = (page.text for page in read_document(tmp_path / "a.fasta").pages)
    assert protein == "P1: Inventase.\nProtein sequence of 11 residues.\n\nMKTAYIAKQRQ"
    assert "DNA sequence of 9,000 bases" in gene and len(gene) < 300
    assert "RNA sequence of 5 bases, 40.0% G and C" in rna


@pytest.mark.parametrize(
    ("name", "reason"),
    [("a.sdf", "No molecule"), ("a.cif", "no data block"), ("a.fasta", "No sequence"), ("a.xlsx", "not a XLSX"),
     ("a.pptx", "not a PPTX"), ("a.bib", "no BibTeX"), ("a.ris", "no RIS"), ("a.json", "not valid JSON")],
)  # fmt: skip
def test_a_file_of_another_kind_says_so(tmp_path: Path, name: str, reason: str, store) -> None:
    from knowledge import ingest

    (tmp_path / name).write_text("This is plain text that was given a wrong extension.")
    report = ingest([tmp_path / name], store)
    assert report.count("failed") == 1 and reason in report.files[0].reason
