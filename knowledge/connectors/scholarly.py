"""Works of scholarship: OpenAlex, Crossref, arXiv, Semantic Scholar.

Each function takes what is asked, a polite client and a limit, and yields identifiers with documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from knowledge.connectors.polite import Answer, Polite, json_check
from knowledge.connectors.shapes import dig, plain, record, tree, words, xml_check, year
from knowledge.records import Metadata, Parsed

Records = Iterator[tuple[str, Parsed]]
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def openalex(asked: str, service: Polite, limit: int) -> Records:
    """Works by OpenAlex: an identifier (``W...``), a DOI, or a query. Pages by number: cursors need a key there.

    Source: the OpenAlex API documentation (works; abstracts are given as an inverted index).
    """
    about = {"mailto": service.contact or None}
    secret = {"api_key": service.key} if service.key else None
    if re.fullmatch(r"[Ww]\d+", asked) or _DOI.fullmatch(asked):
        path = f"works/{asked}" if asked[0] in "Ww" else f"works/https://doi.org/{asked}"
        answer = service.get(path, about, secret=secret, check=json_check)
        yield _openalex_work(answer.json(), answer)
        return
    size = min(100, limit)
    for page in range(1, 10_000 // size + 1):
        query = {"search": asked, "per_page": size, "page": page, **about}
        answer = service.get("works", query, secret=secret, check=json_check)
        works = dig(answer.json(), "results", [])
        for work in works:
            yield _openalex_work(work, answer)
        if len(works) < size:
            return


def _openalex_work(work: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    places = [(at, word) for word, ats in dig(work, "abstract_inverted_index", {}).items() for at in ats]
    abstract = " ".join(word for _, word in sorted(places))
    title = plain(dig(work, "title") or dig(work, "display_name"))
    location = dig(work, "primary_location", {})
    stated = Metadata(
        title,
        tuple(name for name in (dig(a, "author.display_name") for a in dig(work, "authorships", [])) if name),
        dig(work, "publication_year", None),
        str(dig(work, "doi")).removeprefix("https://doi.org/").lower(),
        dig(location, "source.display_name"),
        dig(work, "id") or answer.url,
        answer.retrieved,
        dig(location, "license") or "metadata: CC0-1.0",
    )
    return str(dig(work, "id")).rpartition("/")[2], record(f"{title}\n\n{abstract}", stated)


def crossref(asked: str, service: Polite, limit: int) -> Records:
    """Works by Crossref: a DOI or a query, paged by cursor.

    Source: the Crossref REST API documentation (works).
    """
    about = {"mailto": service.contact or None}
    if _DOI.fullmatch(asked):
        answer = service.get(f"works/{quote(asked, safe='/')}", about, check=json_check)
        yield _crossref_work(dig(answer.json(), "message", {}), answer)
        return
    cursor = "*"
    size = min(100, limit)
    while cursor:
        query = {"query": asked, "rows": size, "cursor": cursor, **about}
        answer = service.get("works", query, check=json_check)
        works = dig(answer.json(), "message.items", [])
        for work in works:
            yield _crossref_work(work, answer)
        cursor = dig(answer.json(), "message.next-cursor") if len(works) == size else ""


def _crossref_work(work: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    doi = str(dig(work, "DOI")).lower()
    title = plain(dig(work, "title.0"))
    authors = (f"{dig(a, 'given')} {dig(a, 'family')}".strip() or dig(a, "name") for a in dig(work, "author", []))
    stated = Metadata(
        title,
        tuple(author for author in authors if author),
        dig(work, "issued.date-parts.0.0", None),
        doi,
        dig(work, "container-title.0"),
        dig(work, "URL") or answer.url,
        answer.retrieved,
        dig(work, "license.0.URL"),
    )
    return doi, record(f"{title}\n\n{plain(dig(work, 'abstract'))}", stated)


_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def arxiv(asked: str, service: Polite, limit: int) -> Records:
    """Preprints by arXiv: an identifier or a query, 100 a page.

    Source: the arXiv API user's manual (Atom feed; one request every three seconds).
    """
    if re.fullmatch(r"(?:\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?", asked):
        answer = service.get("api/query", {"id_list": asked, "max_results": 1}, check=xml_check)
        yield from (_preprint(entry, answer) for entry in tree(answer).iter(f"{_ATOM}entry"))
        return
    start = 0
    while start < limit:
        size = min(100, limit - start)
        query = {"search_query": f"all:{asked}", "start": start, "max_results": size, "sortBy": "relevance"}
        answer = service.get("api/query", query, check=xml_check)
        entries = list(tree(answer).iter(f"{_ATOM}entry"))
        yield from (_preprint(entry, answer) for entry in entries)
        if len(entries) < size:
            return
        start += size


def _preprint(entry: Element, answer: Answer) -> tuple[str, Parsed]:
    address = words(entry.find(f"{_ATOM}id"))
    title = words(entry.find(f"{_ATOM}title"))
    subjects = [category.get("term", "") for category in entry.iter(f"{_ATOM}category")]
    stated = Metadata(
        title,
        tuple(words(name) for name in entry.iter(f"{_ATOM}name")),
        year(words(entry.find(f"{_ATOM}published"))),
        words(entry.find(f"{_ARXIV}doi")).lower(),
        words(entry.find(f"{_ARXIV}journal_ref")) or "arXiv",
        address,
        answer.retrieved,
    )
    text = f"{title}\n\n{words(entry.find(f'{_ATOM}summary'))}\n\nSubjects: {', '.join(subjects)}."
    return address.rpartition("/abs/")[2], record(text, stated)


_S2_FIELDS = "title,abstract,year,venue,authors,externalIds,url,openAccessPdf"


def semanticscholar(asked: str, service: Polite, limit: int) -> Records:
    """Papers by Semantic Scholar: an identifier (its own, ``DOI:...``, ``ARXIV:...``) or a query, paged by token.

    Source: the Semantic Scholar Academic Graph API documentation (paper, paper/search/bulk).
    """
    headers = {"x-api-key": service.key} if service.key else None
    if re.fullmatch(r"[0-9a-f]{40}|(?:DOI|ARXIV|PMID|PMCID|CorpusId):\S+", asked) or _DOI.fullmatch(asked):
        key = f"DOI:{asked}" if asked.startswith("10.") else asked
        answer = service.get(f"graph/v1/paper/{key}", {"fields": _S2_FIELDS}, headers=headers, check=json_check)
        yield _paper(answer.json(), answer)
        return
    token = None
    while True:
        query = {"query": asked, "fields": _S2_FIELDS, "token": token}
        answer = service.get("graph/v1/paper/search/bulk", query, headers=headers, check=json_check)
        for paper in dig(answer.json(), "data", []):
            yield _paper(paper, answer)
        token = dig(answer.json(), "token", None)
        if not token:
            return


def _paper(paper: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    title = dig(paper, "title")
    stated = Metadata(
        title,
        tuple(name for name in (dig(author, "name") for author in dig(paper, "authors", [])) if name),
        dig(paper, "year", None),
        str(dig(paper, "externalIds.DOI")).lower(),
        dig(paper, "venue"),
        dig(paper, "url") or answer.url,
        answer.retrieved,
        dig(paper, "openAccessPdf.license"),
    )
    return str(dig(paper, "paperId")), record(f"{title}\n\n{dig(paper, 'abstract')}", stated)
