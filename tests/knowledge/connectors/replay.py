"""A loopback server that answers as the public databases document it, with invented content and faults on demand."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Query = dict[str, str]


@dataclass
class Replay:
    """What the server answers and what it was asked.

    Attributes:
        address: Where it listens.
        faults: For a path, what goes wrong before it is answered: a status, ``(status, seconds)`` with ``Retry-After``,
            ``"cut"`` (the body ends before its stated length) or ``"torn"`` (half of the JSON with a true length).
        asked: How often each path with its query was requested.
        headers: The headers of the last request.
        etag: Sent with every answer; a request that knows it gets 304.
        on_request: Called with every path and query.
    """

    address: str = ""
    faults: dict[str, list[Any]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    on_request: Any = None


@contextmanager
def replaying() -> Iterator[Replay]:
    replay = Replay()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            replay.asked[self.path] += 1
            replay.headers = {name.lower(): value for name, value in self.headers.items()}
            if replay.on_request is not None:
                replay.on_request(parts.path, query)
            waiting = replay.faults.get(parts.path, [])
            fault = waiting.pop(0) if waiting else None
            if isinstance(fault, int | tuple):
                status, wait = fault if isinstance(fault, tuple) else (fault, None)
                self.answer(status, b"busy", {"Retry-After": str(wait)} if wait is not None else {})
                return
            if replay.etag and self.headers.get("If-None-Match") == replay.etag:
                self.answer(304, b"", {})
                return
            body, headers = content(parts.path, query, replay.address)
            if body is None:
                self.answer(404, b"nothing", {})
            elif fault == "cut":
                self.answer(200, body[: len(body) // 2], headers, length=len(body))
                self.close_connection = True
            elif fault == "torn":
                self.answer(200, body[: len(body) // 2], headers)
            else:
                self.answer(200, body, {**headers, **({"ETag": replay.etag} if replay.etag else {})})

        def answer(self, status: int, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    replay.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def content(path: str, query: Query, address: str) -> tuple[bytes | None, dict[str, str]]:
    """The body for a path, and its headers."""
    for beginning, answer in ANSWERS.items():
        if path.startswith(beginning):
            found = answer(path.removeprefix(beginning), query, address)
            if isinstance(found, tuple):
                return json.dumps(found[0]).encode(), found[1]
            if found is None or isinstance(found, bytes):
                return found, {}
            return found.encode() if isinstance(found, str) else json.dumps(found).encode(), {}
    return None, {}


def openalex_work(number: int) -> dict[str, Any]:
    words = f"Invented abstract {number} about sulfonamide solubility".split()
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.5555/OA.{number}",
        "title": f"Invented work {number}",
        "publication_year": 2020,
        "authorships": [{"author": {"display_name": "Ana Kim"}}, {"author": {"display_name": "Bo Lee"}}],
        "primary_location": {"source": {"display_name": "Journal of Inventions"}, "license": "cc-by"},
        "abstract_inverted_index": {word: [at] for at, word in enumerate(words)},
    }


def openalex(rest: str, query: Query, _: str) -> Any:
    if rest:
        return openalex_work(7) if rest.strip("/") in ("W7", "https://doi.org/10.5555/OA.7") else None
    page, size = int(query["page"]), int(query["per_page"])
    numbers = range((page - 1) * size + 1, min(page * size, 5) + 1)
    return {"meta": {"count": 5, "page": page, "per_page": size}, "results": [openalex_work(n) for n in numbers]}


def crossref_work(number: int) -> dict[str, Any]:
    return {
        "DOI": f"10.5555/CR.{number}", "title": [f"Crossref work {number}"], "URL": f"https://doi.org/10.5555/cr.{number}",
        "author": [{"given": "Ana", "family": "Kim"}, {"name": "The Consortium"}],
        "issued": {"date-parts": [[2019, 4]]}, "container-title": ["Annals of Invention"],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Zeolites &amp; water, K<jats:sub>m</jats:sub>.</jats:p>",
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
    }  # fmt: skip


def crossref(rest: str, query: Query, _: str) -> Any:
    if rest:
        return {"status": "ok", "message": crossref_work(1)} if rest == "/10.5555/cr.1" else None
    first = {"*": 1, "next+1/": 3}[query["cursor"]]
    items = [crossref_work(n) for n in range(first, first + int(query["rows"]))]
    return {"status": "ok", "message": {"items": items, "next-cursor": "next+1/"}}


def arxiv(_: str, query: Query, __: str) -> str:
    numbers = (
        [query["id_list"]] if "id_list" in query else [f"2101.0000{n}" for n in range(int(query["max_results"]))][:2]
    )
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{n}v1</id><published>2021-01-02T00:00:00Z</published><title>Preprint\n {n}</title>"
        "<summary> We invent a band gap. </summary><author><name>Ana Kim</name></author>"
        '<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/AX</arxiv:doi>'
        '<category term="cond-mat"/></entry>'
        for n in numbers
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def semanticscholar(rest: str, query: Query, _: str) -> Any:
    def paper(number: int) -> dict[str, Any]:
        return {
            "paperId": f"{number:040x}", "title": f"Scholar paper {number}", "abstract": "Enzymes were invented.",
            "year": 2022, "venue": "InventConf", "authors": [{"authorId": "1", "name": "Bo Lee"}],
            "externalIds": {"DOI": f"10.5555/S2.{number}"}, "url": f"https://www.semanticscholar.org/paper/{number}",
        }  # fmt: skip

    if rest != "/search/bulk":
        return paper(1) if rest == "/DOI:10.5555/s2.1" else None
    if "token" in query:
        return {"total": 3, "token": None, "data": [paper(3)]}
    return {"total": 3, "token": "further", "data": [paper(1), paper(2)]}


def esearch(_: str, query: Query, __: str) -> Any:
    return {"esearchresult": {"count": "2", "idlist": ["101", "102"] if query["term"] != "nothing" else []}}


def efetch(_: str, query: Query, __: str) -> str:
    if query["db"] == "pmc":
        return (
            "<pmc-articleset><article><front><journal-meta><journal-title-group><journal-title>PMC Tales</journal-title>"
            '</journal-title-group></journal-meta><article-meta><article-id pub-id-type="pmcid">PMC77</article-id>'
            '<article-id pub-id-type="doi">10.5555/PMC.77</article-id><title-group><article-title>A full text'
            "</article-title></title-group><abstract><p>In short.</p></abstract></article-meta></front><body><sec><title>"
            "Results</title><p>The yield was 81 %.</p></sec></body></article></pmc-articleset>"
        )
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{key}</PMID><Article><Journal><JournalIssue><PubDate><Year>2018</Year>"
        "</PubDate></JournalIssue><Title>Medical Inventions</Title></Journal><ArticleTitle>Trial "
        f"{key}</ArticleTitle><Abstract><AbstractText Label='METHODS'>We made <i>it</i> up.</AbstractText><AbstractText "
        "Label='RESULTS'>It worked.</AbstractText></Abstract><AuthorList><Author><LastName>Kim</LastName><ForeName>Ana"
        "</ForeName></Author></AuthorList></Article><MeshHeadingList><MeshHeading><DescriptorName>Pain</DescriptorName>"
        "</MeshHeading></MeshHeadingList></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType='doi'>10.5555/PM."
        f"{key}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"
        for key in query["id"].split(",")
    )
    return f"<PubmedArticleSet>{articles}</PubmedArticleSet>"


def protein(key: str) -> dict[str, Any]:
    return {
        "primaryAccession": key, "uniProtkbId": "INV_HUMAN", "organism": {"scientificName": "Homo sapiens"},
        "proteinDescription": {"recommendedName": {"fullName": {"value": "Inventase"}}},
        "genes": [{"geneName": {"value": "INV1"}}], "sequence": {"value": "MKTAYIAK", "length": 8, "molWeight": 952},
        "comments": [{"commentType": "FUNCTION", "texts": [{"value": "Hydrolyses inventions."}]}],
    }  # fmt: skip


def uniprot(rest: str, query: Query, address: str) -> Any:
    if rest.startswith("/search"):
        if "cursor" in query:
            return {"results": [protein("P00002")]}
        return {"results": [protein("P00001")]}, {"Link": f'<{address}/uniprotkb/search?cursor=x&size=1>; rel="next"'}
    return protein("P69905") if rest == "/P69905.json" else None


def pubchem(rest: str, _: Query, __: str) -> Any:
    if rest.endswith("/description/JSON"):
        told = {"CID": 2244, "Description": "An <b>invented</b> description.", "DescriptionSourceName": "Tests"}
        return {"InformationList": {"Information": [{"CID": 2244, "Title": "Aspirin"}, told]}}
    if "/aspirin/" not in rest and "/2244/" not in rest:
        return None
    found = {
        "CID": 2244, "Title": "Aspirin", "MolecularFormula": "C9H8O4", "MolecularWeight": "180.16",
        "SMILES": "CC(=O)OC1=CC=CC=C1C(=O)O", "InChIKey": "BSYNRYMUTXBXSQ-UHFFFAOYSA-N", "XLogP": 1.2,
    }  # fmt: skip
    return {"PropertyTable": {"Properties": [found]}}


def chembl_molecule(number: int) -> dict[str, Any]:
    return {
        "molecule_chembl_id": f"CHEMBL{number}", "pref_name": "ASPIRIN", "max_phase": "4.0",
        "molecule_properties": {"full_molformula": "C9H8O4", "full_mwt": "180.16", "alogp": "1.31"},
        "molecule_structures": {"canonical_smiles": "CC(=O)Oc1ccccc1C(=O)O"},
        "molecule_synonyms": [{"molecule_synonym": "Acetylsalicylic acid"}],
    }  # fmt: skip


def chembl(rest: str, query: Query, _: str) -> Any:
    if rest.startswith("/mechanism"):
        return {"mechanisms": [{"mechanism_of_action": "Cyclooxygenase inhibitor", "action_type": "INHIBITOR"}]}
    if rest.startswith("/molecule/search"):
        further = None if query["offset"] == "1" else "/chembl/api/data/molecule/search.json?q=x&limit=1&offset=1"
        return {"molecules": [chembl_molecule(25 + int(query["offset"]))], "page_meta": {"next": further}}
    return chembl_molecule(25) if rest == "/molecule/CHEMBL25.json" else None


def pdb(rest: str, _: Query, __: str) -> Any:
    return {
        "rcsb_id": rest, "struct": {"title": "Invented haemoglobin"}, "exptl": [{"method": "X-RAY DIFFRACTION"}],
        "struct_keywords": {"pdbx_keywords": "OXYGEN TRANSPORT"},
        "rcsb_entry_info": {"resolution_combined": [1.74], "molecular_weight": 64.7},
        "rcsb_primary_citation": {
            "title": "How it was invented", "rcsb_authors": ["Kim, A."], "year": 1984, "rcsb_journal_abbrev": "J Inv",
            "pdbx_database_id_DOI": "10.5555/PDB",
        },
        "rcsb_accession_info": {"deposit_date": "1984-03-07T00:00:00Z"},
    }  # fmt: skip


def pdb_search(_: str, query: Query, __: str) -> Any:
    asked = json.loads(query["json"])
    assert asked["query"]["service"] == "full_text"
    return {
        "total_count": 2,
        "result_set": [{"identifier": "1ABC", "score": 1.0}, {"identifier": "2ABC", "score": 0.9}],
    }


def mp(_: str, query: Query, __: str) -> Any:
    found = {
        "material_id": query.get("material_ids", "mp-1"), "formula_pretty": "Si", "band_gap": 0.61, "density": 2.28,
        "symmetry": {"symbol": "Fd-3m", "crystal_system": "Cubic"}, "energy_above_hull": 0.0, "theoretical": False,
    }  # fmt: skip
    return {"data": [found], "meta": {"total_doc": 1}}


CIF = """data_1000041
_publ_section_title 'Invented rock salt'
loop_
_publ_author_name
'Kim, A.'
'Lee, B.'
_journal_year 1999
_journal_name_full 'Acta Inventa'
_chemical_formula_sum 'Cl Na'
_space_group_name_H-M_alt 'F m -3 m'
_cell_length_a 5.64
"""


def cod(rest: str, _: Query, __: str) -> Any:
    if rest == "/result":
        return [{"file": "1000041", "formula": "- Cl Na -"}]
    return CIF if rest == "/1000041.cif" else None


ANSWERS: dict[str, Any] = {
    "/graph/v1/paper": semanticscholar,
    "/api/query": arxiv,
    "/oa/works": openalex,
    "/works": crossref,
    "/entrez/eutils/esearch.fcgi": esearch,
    "/entrez/eutils/efetch.fcgi": efetch,
    "/uniprotkb": uniprot,
    "/rest/pug/compound": pubchem,
    "/chembl/api/data": chembl,
    "/rest/v1/core/entry/": pdb,
    "/rcsbsearch/v2/query": pdb_search,
    "/materials/summary": mp,
    "/cod": cod,
}
