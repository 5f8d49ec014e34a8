"""Bibliographies describe files, archives are unpacked with care, scans are recognised on request."""

import contextlib
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.pdfs import make_pdf

from knowledge import IngestReport, Store, ingest
from knowledge.errors import ReadingError
from knowledge.reading import ReadingLimits
from knowledge.reading.archives import unpack
from knowledge.reading.manifests import Library, Record, _located
from knowledge.records import Metadata

PDF = make_pdf([["A scan of nothing in particular", "It has a second line with doi 10.5555/found.1 in it."]])


def outcomes(report: IngestReport) -> dict[str, str]:
    return {file.path.rpartition("/")[2]: file.outcome for file in report.files}


def titles(store: Store) -> dict[str, str]:
    return {document.name.rpartition("/")[2]: document.title for document in store.documents()}


BIBTEX = r"""
@string{jt = "Journal of Tests"}
@article{kim2019, title = {{Zeolites} and M{\"u}ller's law}, author = {Kim, Ana and Lee, Bo}, year = 2019, journal = jt,
  doi = {10.5555/KIM}, file = {Full Text PDF:files/12/kim.pdf:application/pdf;Snapshot:files/12/x.html:text/html}}
@article{lee2020key, title = {Named by its key}, year = {2020}}
@misc{alone, title = {Alone}, abstract = {Water adsorbs in zeolites.}, year = 2001}
@misc{bare, title = {Bare}}
"""
RIS = """TY  - JOUR
TI  - Zeolites and Mueller's law
AU  - Kim, Ana
PY  - 2019
JO  - Journal of Tests
DO  - 10.5555/KIM
L1  - files/12/kim.pdf
ER  -

TY  - JOUR
TI  - Alone
AB  - Water adsorbs in zeolites.
ER  -
"""
CSL = """[{"id": "kim2019", "type": "article-journal", "title": "Zeolites and Mueller's law", "DOI": "10.5555/KIM",
 "author": [{"family": "Kim", "given": "Ana"}], "issued": {"date-parts": [[2019]]}, "container-title":
 "Journal of Tests", "file": "files/12/kim.pdf"}, {"id": "alone", "type": "book", "title": "Alone", "abstract":
 "Water adsorbs in zeolites."}]"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The files of a reference manager's export, without its bibliography."""
    folder = tmp_path / "export"
    (folder / "files" / "12").mkdir(parents=True)
    (folder / "files" / "12" / "kim.pdf").write_bytes(PDF)
    return folder


@pytest.mark.parametrize(("name", "content"), [("lib.bib", BIBTEX), ("lib.ris", RIS), ("lib.json", CSL)])
def test_a_bibliography_describes_the_files_that_it_names(export: Path, store: Store, name: str, content: str) -> None:
    (export / name).write_text(content)
    (export / "other.json").write_text('{"some": "settings"}')
    report = ingest([export], store)
    assert report.count("failed") == 0 and report.ignored == 1
    document = next(document for document in store.documents() if document.name.endswith("kim.pdf"))
    assert document.title in ("Zeolites and Mueller's law", "Zeolites and Müller's law")
    assert (document.authors[0], document.year, document.doi) == ("Ana Kim", 2019, "10.5555/kim")
    assert document.venue == "Journal of Tests" and document.format == "pdf"
    alone = next(document for document in store.documents() if document.format == "record")
    assert alone.title == "Alone" and alone.name.startswith(f"{export / name}#")
    assert store.search("water in zeolites", 1)[0].document == alone.name
    generation = store.generation
    assert set(outcomes(ingest([export], store)).values()) == {"unchanged"}
    assert store.generation == generation


def test_a_file_is_described_by_its_key_or_by_its_doi(export: Path, store: Store) -> None:
    (export / "lee2020key.txt").write_text("A text without a title of its own, which goes on and on. And on.")
    (export / "lib.bib").write_text(BIBTEX + "@misc{x, title = {Found by DOI}, doi = {10.5555/found.1}}")
    (export / "scan.pdf").write_bytes(make_pdf([["Anything", "at all, with doi 10.5555/found.1 in it"]]))
    report = ingest([export], store)
    assert titles(store)["lee2020key.txt"] == "Named by its key"
    assert titles(store)["scan.pdf"] == "Found by DOI"
    assert "1 of its records has neither" in next(file.reason for file in report.files if file.path.endswith("lib.bib"))
    assert set(outcomes(ingest([export], store)).values()) == {"unchanged"}


def test_a_corrected_bibliography_changes_the_document(export: Path, store: Store) -> None:
    ingest([export], store)
    (export / "lib.bib").write_text(BIBTEX)
    assert outcomes(ingest([export], store))["kim.pdf"] == "replaced"
    (export / "lib.bib").write_text(BIBTEX.replace("2019, journal", "2018, journal"))
    assert outcomes(ingest([export], store))["kim.pdf"] == "replaced"
    assert next(document.year for document in store.documents() if document.format == "pdf") == 2018


def test_a_bibliography_cannot_reach_beyond_what_is_ingested(export: Path, store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The password is swordfish.")
    (export / "lib.bib").write_text("@misc{evil, title={Evil}, file={x:../secret.txt:text/plain}}")
    ingest([export], store)
    assert not any("swordfish" in hit.text for hit in store.search("password swordfish", 5))


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def test_members_of_an_archive_are_documents_with_their_bibliography(tmp_path: Path, store: Store) -> None:
    members = {"lib/lib.bib": BIBTEX.encode(), "lib/files/12/kim.pdf": PDF, "notes.md": b"# Notes\n\nWater is wet."}
    path = archive(tmp_path / "zotero.zip", members)
    report = ingest([path], store)
    assert report.count("added") == 3
    names = {document.name.removeprefix(str(tmp_path)) for document in store.documents()}
    assert names == {"/zotero.zip!/lib/lib.bib#alone", "/zotero.zip!/lib/files/12/kim.pdf", "/zotero.zip!/notes.md"}
    assert set(outcomes(ingest([path], store)).values()) == {"unchanged"}
    archive(path, {**members, "notes.md": b"# Notes\n\nWater is dry."})
    assert outcomes(ingest([path], store))["notes.md"] == "replaced"


def test_hostile_archives_cost_only_their_hostile_members(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("good.txt", "A good member tells of zeolites.")
        target.writestr("../../escaped.txt", "escaped")
        target.writestr("/absolute.txt", "absolute")
        target.writestr("..\\windows.txt", "windows")
        target.writestr("C:/drive.txt", "drive")
        target.writestr("bomb.txt", b"0" * 50_000_000)
        target.writestr("inner.zip", b"PK\x03\x04")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    report = ingest([path], store)
    assert report.count("added") == 1 and report.count("failed") == 7
    reasons = " ".join(file.reason for file in report.files)
    for said in ("leads out of the archive", "is a link", "packed", "archive inside an archive"):
        assert said in reasons
    assert not list(tmp_path.parent.rglob("escaped.txt")) and len(store.documents()) == 1


def test_an_archive_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    path = archive(tmp_path / "lie.zip", {"a.txt": os.urandom(3_000_000)})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    (tmp_path / "out").mkdir()
    refused = unpack(path, tmp_path / "out", ReadingLimits(file_mb=1))
    assert [name for name, _ in refused] == ["a.txt"]
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*")) <= 1_100_000


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "0 bytes"), (b"PK\x03\x04 nothing", "damaged or truncated"), (b"text", "damaged")]
)
def test_what_is_no_archive_says_so(tmp_path: Path, store: Store, content: bytes, reason: str) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    report = ingest([tmp_path / "a.zip"], store)
    assert report.count("failed") == 1 and reason in report.files[0].reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text("ab./\\:~ \0", min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_nothing_is_ever_written_outside(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("deep")
    folder = root / "one" / "two"
    folder.mkdir(parents=True)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name in names:
            info = zipfile.ZipInfo()
            info.filename = name
            target.writestr(info, "x")
    path = root / "a.zip"
    path.write_bytes(content.getvalue())
    unpack(path, folder, ReadingLimits())
    written = {file for file in root.rglob("*") if file.is_file()} - {path}
    assert all(file.is_relative_to(folder) for file in written)


@given(st.text("ab./\\ ", max_size=20))
def test_a_named_file_is_an_absolute_path(file: str) -> None:
    assert ".." not in Path(_located(Path("/library"), file)).parts
    assert _located(Path("/library"), file).startswith("/")


def test_a_record_that_names_a_file_lying_there_is_no_document_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "there.pdf").write_bytes(PDF)
    library = Library()
    library.add(tmp_path / "lib.bib", [
        Record("a", Metadata("A"), "An abstract.", ("there.pdf",)),
        Record("b", Metadata("B"), "Another.", ("gone.pdf",)),
    ])  # fmt: skip
    assert [record.key for _, record in library.unused()] == ["b"]


FAKE_OCR = f"""#!{{python}}
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from support.pdfs import make_pdf
Path(sys.argv[-1]).write_bytes(make_pdf([["Recognised text of a scanned page about zeolites"]]))
"""


def test_a_scan_counts_its_pages_and_is_recognised_on_request(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    scan = tmp_path / "scan.pdf"
    scan.write_bytes(make_pdf([[], []]))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    plain = ingest([scan], store).files[0].reason
    assert "no text layer: 2 scanned pages" in plain and "install ocrmypdf" in plain
    assert "not installed" in ingest([scan], store, ocr=True).files[0].reason
    program = tmp_path / "bin" / "ocrmypdf"
    program.parent.mkdir()
    program.write_text(FAKE_OCR.format(python=sys.executable))
    program.chmod(0o755)
    assert ingest([scan], store, ocr=True).count("added") == 1
    assert "zeolites" in store.search("zeolites", 1)[0].text
    program.write_text(f"#!{sys.executable}\nimport sys; sys.exit('no language data')")
    scan.write_bytes(make_pdf([[], [], []]))
    assert "no language data" in ingest([scan], store, ocr=True).files[0].reason


def test_a_file_of_500_mb_is_refused_before_it_is_read(tmp_path: Path, store: Store) -> None:
    for name in ("big.pdf", "big.txt", "big.bib", "big.csv"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(500_000_000)
    report = ingest([tmp_path], store)
    assert report.count("failed") == 4
    assert all("too large: 500 MB" in file.reason for file in report.files)


def test_hostile_pdfs_cost_only_themselves(tmp_path: Path, store: Store) -> None:
    loop = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    loop += b"2 0 obj\n<< /Type /Pages /Kids [2 0 R] /Count 9 >>"
    (tmp_path / "loop.pdf").write_bytes(loop + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF")
    deep = b"[" * 200_000 + b"]" * 200_000
    (tmp_path / "deep.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n" + deep + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF")
    (tmp_path / "nonsense.pdf").write_bytes(PDF.replace(b"/MediaBox [0 0 612 792]", b"/MediaBox [0 0 -1e9 1e99]"))
    (tmp_path / "good.pdf").write_bytes(PDF)
    report = ingest([tmp_path], store)
    assert outcomes(report)["good.pdf"] == "added"
    assert outcomes(report)["loop.pdf"] == outcomes(report)["deep.pdf"] == "failed"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(PDF) - 1), junk=st.binary(min_size=1, max_size=30))
def test_a_damaged_pdf_is_read_or_refused_and_never_breaks_the_reader(tmp_path: Path, at: int, junk: bytes) -> None:
    from knowledge.reading import read_document

    path = tmp_path / "damaged.pdf"
    path.write_bytes(PDF[:at] + junk + PDF[at + len(junk) :])
    with contextlib.suppress(ReadingError):  # any other exception is a defect
        assert read_document(path, ReadingLimits(seconds=10)).pages


BROKEN_BIB = r"""@string{nat = {Nature}}
@article{good, title = {Zinc oxide}, journal = nat, abstract = {Zinc oxide is white.}}
@article{open,
  title = {Never closed,
  year = 2019

@article{after, title = {After it}, abstract = {Copper is red.}}
@misc{nocomma
  title = {No comma}, abstract = {Gold is yellow.}}
@article{after, title = {Same key}, abstract = {Silver is grey.}}
"""


def test_broken_records_are_told_with_line_and_reason_and_cost_themselves_alone(tmp_path: Path, store: Store) -> None:
    (tmp_path / "lib.bib").write_text(BROKEN_BIB)
    report = ingest([tmp_path], store)
    assert set(titles(store)) == {"lib.bib#good", "lib.bib#after", "lib.bib#after-2"}
    told = {file.path.rpartition("/")[2]: (file.outcome, file.reason) for file in report.files if file.reason}
    assert told == {
        "lib.bib, line 3, @article{open": ("failed", "A brace of it is never closed."),
        "lib.bib, line 8, @misc{nocomma": ("failed", "The comma behind its key is missing."),
        "lib.bib, line 10": ("unchanged", "The key after was used before; this record is kept as after-2."),
    }
    assert {one.venue for one in store.documents()} == {"Nature", ""}


def test_a_ris_reference_without_an_end_does_not_take_the_next_one_in(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nID  - one\nTI  - First\nAB  - Iron rusts.\n\nTY  - JOUR\nID  - two\nTI  - Second\n"
        "AB  - Lead does not.\nER  - \nXX junk\n"
    )
    report = ingest([tmp_path], store)
    assert titles(store) == {"a.ris#one": "First", "a.ris#two": "Second"}
    assert [file.reason for file in report.files if file.reason] == [
        "“XX junk” stands outside of every reference.",
        "The reference that begins there has no end (ER) before line 6.",
    ]


RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf><bib:Journal><dc:title>Acta</dc:title><dc:identifier>DOI 10.5555/X.1</dc:identifier></bib:Journal>
  </dcterms:isPartOf><bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Kim</foaf:surname>
  <foaf:givenName>Ana</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>
  <link:link rdf:resource="#item_2"/><dc:title>On zinc</dc:title><dc:date>May 2021</dc:date></bib:Article>
 <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/2/zinc.txt"/>
 </z:Attachment>
</rdf:RDF>
"""


def test_zotero_rdf_describes_the_files_that_it_names(tmp_path: Path, store: Store) -> None:
    (tmp_path / "files" / "2").mkdir(parents=True)
    (tmp_path / "files" / "2" / "zinc.txt").write_text("Zinc melts at 420 °C.")
    (tmp_path / "lib.rdf").write_text(RDF)
    ingest([tmp_path], store)
    (document,) = store.documents()
    assert (document.title, document.authors, document.year) == ("On zinc", ("Ana Kim",), 2021)
    assert (document.doi, document.venue) == ("10.5555/x.1", "Acta")


def test_rdf_of_another_kind_says_what_to_export(tmp_path: Path, store: Store) -> None:
    (tmp_path / "lib.rdf").write_text(RDF.replace("z:itemType", "z:other"))
    (outcome,) = ingest([tmp_path], store).files
    assert outcome.outcome == "failed" and "Export the library as BibTeX, RIS or CSL-JSON" in outcome.reason
