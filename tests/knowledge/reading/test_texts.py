import pytest

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.html import read_html
from knowledge.reading.mending import mend_pages
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.reading.plain import read_markdown, read_text


def test_html_gives_visible_text_and_its_metadata() -> None:
    parsed = read_html(
        '<html><head><title>Journal | Site</title><meta name="citation_title" content="Kinetics of lactase">'
        '<meta name="citation_author" content="Kim, A."><meta name="citation_author" content="Lee, B.">'
        '<meta name="citation_doi" content="10.1000/XYZ"><meta name="citation_publication_date" content="2021/03/01">'
        "<style>p{}</style></head><body><nav>Home</nav><script>alert(1)</script>"
        "<h1>Kinetics</h1><p>K<sub>m</sub> is 2.5&nbsp;mM &amp; stable.</p><ul><li>one<li>two</ul></body></html>"
    )
    text = parsed.pages[0].text
    assert "Km is 2.5\xa0mM & stable." in text or "Km is 2.5 mM & stable." in text
    assert not any(hidden in text for hidden in ("Home", "alert", "p{}"))
    assert text.splitlines()[-2:] == ["one", "two"]
    metadata = parsed.metadata
    assert (metadata.title, metadata.year, metadata.doi) == ("Kinetics of lactase", 2021, "10.1000/xyz")
    assert metadata.authors == ("Kim, A.", "Lee, B.")


@pytest.mark.parametrize("source", ["<p>a<script>", "<nav>x</p>y</nav>z", "<<<>>>", "<p", "&#xFFFFFFFF; &bogus;"])
def test_broken_html_is_read_all_the_same(source: str) -> None:
    assert read_html(source).format == "html"


def test_markdown_takes_its_title_from_the_front_matter_or_heading() -> None:
    stated = read_markdown("---\ntitle: 'Zeolites'\nauthors:\n  - A. Kim\n  - B. Lee\nyear: 2018\n---\n# Other\nText")
    assert stated.metadata.title == "Zeolites"
    assert stated.metadata.authors == ("A. Kim", "B. Lee")
    assert stated.metadata.year == 2018
    assert stated.pages[0].text == "# Other\nText"
    assert read_markdown("intro\n\n## Methods of X ##\n").metadata.title == "Methods of X"
    assert read_markdown("A Title\n=======\ntext").metadata.title == "A Title"


def test_text_pages_end_at_form_feeds() -> None:
    assert [page.number for page in read_text("one\ftwo").pages] == [1, 2]
    assert read_text("one").pages[0].number is None
    assert read_text("A short title\nText follows.").metadata.title == "A short title"
    assert read_text("It begins with a sentence. And another.").metadata.title == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("용해도가 높은 유사체".encode("cp949"), "용해도가 높은 유사체"),
        ("Größe der Löslichkeit in Wasser bei 25 Grad".encode("cp1252"), "Größe der Löslichkeit in Wasser bei 25 Grad"),
        ("\ufeffα".encode(), "α"),
        ("é".encode("utf-16"), "é"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_encodings(content: bytes, text: str) -> None:
    assert decode(content)[0] == text


def test_an_encoding_that_fits_nothing_names_the_byte() -> None:
    with pytest.raises(ReadingError, match="byte 0x81 at offset 3"):
        decode(b"abc" + b"\x81\x8d\x8f" * 20)


def test_words_cut_at_a_line_are_joined_as_the_document_writes_them() -> None:
    first, second = mend_pages(
        ["The inhi-\nbition is dose-\ndependent for IL-\n6.", "A dose-dependent inhibition; e\ufb03cient."]
    )
    assert first.replace("\n", " ") == "The inhibition is dose-dependent for IL-6."
    assert second == "A dose-dependent inhibition; efficient."


def test_superscripts_survive_mending() -> None:
    assert mend_pages(["10² nm"]) == ["10² nm"]


def test_metadata_is_found_in_the_text() -> None:
    assert find_doi("see https://doi.org/10.1021/ACS.jmed.9b00001). Next") == "10.1021/acs.jmed.9b00001"
    assert find_doi("10.1016/s0040(99)00001-2.") == "10.1016/s0040(99)00001-2"
    assert find_doi("version 10.1") == ""
    assert find_year("Received 3 May 2017") == 2017
    assert find_year("heated to 1950 K") is None
    assert plausible_title("Microsoft Word - draft7.doc") == ""
    assert plausible_title("untitled") == ""
    assert plausible_title("  On   zeolites ") == "On zeolites"
