import json
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from support.pdfs import make_pdf

from knowledge.errors import ReadingError
from knowledge.reading import ReadingLimits, find_files, read_document

PAPER = [
    [
        "Solubility of celecoxib analogues",
        "Smith, J. and Park, S.  Published 2019. doi 10.1021/acs.jmed.9b00001",
        "The inhi-",
        "bition of COX-2 was dose-",
        "dependent and mea-",
        "sured at 25 C in water. It is a dose-dependent effect.",
    ],
    ["The second page tells of a buffer of 5 mM and of nothing else."],
]


@pytest.fixture
def write(tmp_path: Path):
    def written(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return written


def test_a_pdf_keeps_its_pages_and_says_what_it_is(write) -> None:
    parsed = read_document(write("a.pdf", make_pdf(PAPER, title="Analogues of celecoxib")))
    assert [page.number for page in parsed.pages] == [1, 2]
    assert "inhibition of COX-2 was dose-dependent and measured at 25 C" in parsed.pages[0].text
    assert "5 mM" in parsed.pages[1].text
    assert (parsed.metadata.title, parsed.metadata.year) == ("Analogues of celecoxib", 2019)
    assert parsed.metadata.doi == "10.1021/acs.jmed.9b00001"


def test_a_pdf_without_a_stated_title_takes_the_largest_line(write) -> None:
    assert read_document(write("a.pdf", make_pdf(PAPER))).metadata.title == "Solubility of celecoxib analogues"


def bad_files() -> dict[str, tuple[bytes, str]]:
    whole = make_pdf(PAPER)
    return {
        "encrypted.pdf": (make_pdf(PAPER, password="secret"), "encrypted"),
        "truncated.pdf": (whole[: len(whole) // 2], "truncated"),
        "cut.pdf": (whole.replace(b"%%EOF", b""), "truncated"),
        "scan.pdf": (make_pdf([[], [], []]), "no text layer: 3 scanned pages"),
        "junk.pdf": (b"%PDF-1.4\n" + b"\0junk" * 200 + b"%%EOF", "damaged"),
        "really-text.pdf": (b"hello there", "not a PDF: it looks like plain text"),
        "image.pdf": (b"\x89PNG\r\n\x1a\n", "not a PDF: it is a PNG image"),
        "empty.md": (b"", "empty (0 bytes)"),
        "blank.txt": (b" \n\n ", "no text"),
        "image.txt": (b"\x89PNG\r\n\x1a\n123", "PNG image"),
        "binary.txt": (bytes(range(256)) * 10, "binary"),
        "garbled.txt": (b"\x81\x8d\x8f\x90\x9d" * 40, "encoding"),
        "marked.txt": (b"\xff\xfe\x00\xd8", "not valid"),
        "old.docx": (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Office document"),
    }


@pytest.mark.parametrize("name", bad_files())
def test_a_bad_file_says_why(write, name: str) -> None:
    content, reason = bad_files()[name]
    with pytest.raises(ReadingError) as caught:
        read_document(write(name, content))
    assert reason in caught.value.message


def test_a_missing_file_and_a_large_one(write, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="cannot be opened: No such file"):
        read_document(tmp_path / "nowhere.txt")
    with pytest.raises(ReadingError, match="too large: 2 MB"):
        read_document(write("big.txt", b"a " * 1_000_000), ReadingLimits(file_mb=1))
    with pytest.raises(ReadingError, match="limit is 10"):
        read_document(write("long.txt", b"a " * 100), ReadingLimits(characters=10))


def test_a_wrong_extension_is_read_by_content_and_told(write) -> None:
    parsed = read_document(write("paper.txt", make_pdf(PAPER)))
    assert parsed.format == "pdf"
    assert "in spite of its extension '.txt'" in parsed.warnings[0]


def test_reading_is_stopped_at_its_time_limit_and_the_next_file_is_read(write) -> None:
    slow = write("slow.pdf", make_pdf([[f"Line {i} of page {n}, one of many." for i in range(40)] for n in range(200)]))
    with pytest.raises(ReadingError, match=r"longer than 0\.05 s"):
        read_document(slow, ReadingLimits(seconds=0.05))
    assert read_document(write("a.pdf", make_pdf(PAPER))).format == "pdf"


def test_a_document_made_to_exhaust_memory_costs_itself(write) -> None:
    compressor = zlib.compressobj(9)
    bomb = b"".join(compressor.compress(b" " * 10_000_000) for _ in range(60)) + compressor.flush()
    body = (
        b"%%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R /Size 5 >>\n%%%%EOF\n"
    ) % (len(bomb), bomb)
    with pytest.raises(ReadingError) as caught:
        read_document(write("bomb.pdf", body), ReadingLimits(memory_mb=256, seconds=20))
    assert caught.value.message


def test_a_docx_is_read_and_a_damaged_one_refused(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {space}><w:body>"
        "<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>Buffer recipes</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Tris is used at </w:t></w:r><w:r><w:t>50 mM.</w:t></w:r></w:p></w:body></w:document>"
    )
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>A. Kim; B. Lee</dc:creator></cp:coreProperties>'
    )
    path = tmp_path / "recipes.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", body)
        archive.writestr("docProps/core.xml", core)
    parsed = read_document(path)
    assert parsed.pages[0].text == "Buffer recipes\n\nTris is used at 50 mM."
    assert parsed.metadata.title == "Buffer recipes"
    assert parsed.metadata.authors == ("A. Kim", "B. Lee")
    other = tmp_path / "other.docx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("sheet.xml", "<x/>")
    with pytest.raises(ReadingError, match="not a DOCX"):
        read_document(other)
    other.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ReadingError, match="damaged DOCX"):
        read_document(other)


def test_folders_are_searched_and_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "loop").symlink_to(tmp_path)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "no.txt").write_text("no")
    for name in ("b.txt", "a.md", "deep/er/c.pdf", "data.bin"):
        (tmp_path / name).write_text("x")
    named = tmp_path / "data.bin"
    files, ignored = find_files([tmp_path, named, tmp_path / "b.txt"])
    assert sorted(file.name for file in files) == ["a.md", "b.txt", "c.pdf", "data.bin"]
    assert ignored == 1


def test_the_reading_process_answers_in_frames(write) -> None:
    from knowledge.reading import worker

    limits = vars(ReadingLimits())
    requests = [
        {"kind": "pdf", "path": str(write("a.pdf", make_pdf(PAPER))), "limits": limits},
        {"kind": "docx", "path": str(write("b.docx", b"PK\x03\x04")), "limits": limits},
    ]
    answers = BytesIO()
    lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
    assert worker.serve(BytesIO(lines), answers) == 0
    answers.seek(0)
    heads, bodies = [], []
    while head := answers.readline():
        heads.append(json.loads(head))
        bodies.append(answers.read(heads[-1]["bytes"]))
    assert [page["number"] for page in json.loads(bodies[0])["pages"]] == [1, 2]
    assert "damaged DOCX" in json.loads(bodies[1])["error"]


def test_a_reading_process_that_died_is_started_again(write) -> None:
    from knowledge.reading import isolated

    path = write("a.pdf", make_pdf(PAPER))
    first = read_document(path)
    isolated._process._process.kill()
    isolated._process._process.wait()
    assert read_document(path) == first


def test_an_interrupt_does_not_mix_up_answers(write, monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge.reading import isolated

    first, second = (
        write("a.pdf", make_pdf(PAPER)),
        write("b.pdf", make_pdf([["Another paper altogether", "says this."]])),
    )
    with monkeypatch.context() as patch:
        patch.setattr(isolated, "_line", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            read_document(first)
    assert "Another paper" in read_document(second).pages[0].text
