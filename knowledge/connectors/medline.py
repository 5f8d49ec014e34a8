"""Biomedical literature by NCBI's E-utilities: abstracts of PubMed, full texts of PubMed Central.

Source: Entrez Programming Utilities Help (esearch, efetch; at most three requests a second without a key).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from knowledge.connectors.polite import Answer, Polite, json_check
from knowledge.connectors.shapes import dig, record, tree, words, xml_check
from knowledge.errors import ReadingError
from knowledge.reading.jats import article
from knowledge.records import Metadata, Parsed

Records = Iterator[tuple[str, Parsed]]
_PAGE = 50  # records of one request


def pubmed(asked: str, service: Polite, limit: int) -> Records:
    """Citations with abstracts by PubMed: identifiers, separated by commas, or a query."""
    for answer in _pages("pubmed", asked, service, limit, r"\d+"):
        for found in tree(answer).iter("PubmedArticle"):
            yield _citation(found, answer)


def pmc(asked: str, service: Polite, limit: int) -> Records:
    """Full texts by PubMed Central: identifiers (``PMC...``) or a query; articles without an open text are left out."""
    for answer in _pages("pmc", asked, service, limit, r"(?:PMC)?\d+"):
        for found in tree(answer).iter("article"):
            keys = [words(key) for key in found.iter("article-id") if key.get("pub-id-type", "").startswith("pmc")]
            key = next((key for key in keys if key), "")
            number = key if key.startswith("PMC") else f"PMC{key}"
            try:
                parsed = article(found)
            except ReadingError:
                continue
            url = f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/"
            stated = replace(parsed.metadata, url=url, retrieved=answer.retrieved)
            if parsed.pages[0].text.strip():
                yield number, replace(parsed, metadata=stated)


def _pages(database: str, asked: str, service: Polite, limit: int, identifier: str) -> Iterator[Answer]:
    """The records that are asked for, as XML, some at a time."""
    about: dict[str, Any] = {"db": database, "tool": "gedanken", "email": service.contact or None}
    secret = {"api_key": service.key} if service.key else None
    if re.fullmatch(rf"{identifier}(?:\s*,\s*{identifier})*", asked):
        keys = [key.strip().removeprefix("PMC") for key in asked.split(",")]
    else:
        query = {**about, "term": asked, "retmode": "json", "retmax": min(limit, 10_000), "sort": "relevance"}
        found = service.get("entrez/eutils/esearch.fcgi", query, secret=secret, check=json_check)
        keys = dig(found.json(), "esearchresult.idlist", [])
    for start in range(0, min(len(keys), limit), _PAGE):
        some = ",".join(keys[start : start + _PAGE])
        query = {**about, "id": some, "retmode": "xml"}
        yield service.get("entrez/eutils/efetch.fcgi", query, secret=secret, check=xml_check)


def _citation(found: Element, answer: Answer) -> tuple[str, Parsed]:
    key = words(found.find("MedlineCitation/PMID"))
    about = found.find("MedlineCitation/Article")
    parts = about.findall("Abstract/AbstractText") if about is not None else []
    abstract = "\n\n".join(
        f"{part.get('Label')}: {words(part)}" if part.get("Label") else words(part) for part in parts
    )
    title = words(about.find("ArticleTitle")) if about is not None else ""
    names = found.findall("MedlineCitation/Article/AuthorList/Author")
    authors = (f"{words(n.find('ForeName'))} {words(n.find('LastName'))}".strip() for n in names)
    date = re.search(r"\b(?:19|20)\d\d\b", words(found.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")))
    terms = [words(term) for term in found.iter("DescriptorName")]
    identifiers = {key.get("IdType"): words(key) for key in found.iterfind("PubmedData/ArticleIdList/ArticleId")}
    stated = Metadata(
        title,
        tuple(author or words(n.find("CollectiveName")) for author, n in zip(authors, names, strict=True)),
        int(date[0]) if date else None,
        identifiers.get("doi", "").lower(),
        words(found.find("MedlineCitation/Article/Journal/Title")),
        f"https://pubmed.ncbi.nlm.nih.gov/{key}/",
        answer.retrieved,
    )
    subjects = f"\n\nSubjects: {', '.join(terms)}." if terms else ""
    return key, record(f"{title}\n\n{abstract}{subjects}", stated)
