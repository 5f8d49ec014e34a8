"""Every connector reads its service's documented answers; single records and queries, paged."""

from dataclasses import replace

import pytest

from knowledge import ConnectorError, Store, add_documents
from knowledge.connectors import CONNECTORS, fetch, split_reference

RECORDS = {
    "openalex:W7": ("openalex:W7", "Invented work 7", 2020, "10.5555/oa.7", "sulfonamide solubility", "cc-by"),
    "openalex:10.5555/OA.7": ("openalex:W7", "Invented work 7", 2020, "10.5555/oa.7", "sulfonamide", "cc-by"),
    "crossref:10.5555/cr.1": ("crossref:10.5555/cr.1", "Crossref work 1", 2019, "10.5555/cr.1", "Zeolites & water, Km.",
                              "https://creativecommons.org/licenses/by/4.0/"),
    "arxiv:2101.00001": ("arxiv:2101.00001v1", "Preprint 2101.00001", 2021, "10.5555/ax", "We invent a band gap.", ""),
    "semanticscholar:10.5555/s2.1": ("semanticscholar:" + "0" * 39 + "1", "Scholar paper 1", 2022, "10.5555/s2.1",
                                     "Enzymes were invented.", ""),
    "pubmed:101": ("pubmed:101", "Trial 101", 2018, "10.5555/pm.101", "METHODS: We made it up.", ""),
    "pmc:PMC77": ("pmc:PMC77", "A full text", None, "10.5555/pmc.77", "The yield was 81 %.", ""),
    "uniprot:p69905": ("uniprot:P69905", "Inventase (Homo sapiens)", None, "", "Function: Hydrolyses inventions.",
                       "CC-BY-4.0"),
    "pubchem:aspirin": ("pubchem:2244", "Aspirin", None, "", "An invented description. (Source: Tests.)", ""),
    "pubchem:2244": ("pubchem:2244", "Aspirin", None, "", "SMILES: CC(=O)OC1=CC=CC=C1C(=O)O.", ""),
    "chembl:CHEMBL25": ("chembl:CHEMBL25", "ASPIRIN", None, "", "Cyclooxygenase inhibitor (INHIBITOR)",
                        "CC-BY-SA-3.0"),
    "pdb:4hhb": ("pdb:4HHB", "Invented haemoglobin", 1984, "10.5555/pdb", "Resolution / Å: 1.74.", "CC0-1.0"),
    "mp:mp-149": ("mp:mp-149", "Si (Fd-3m)", None, "", "Computed band gap (DFT) / eV: 0.61.", "CC-BY-4.0"),
    "cod:1000041": ("cod:1000041", "Invented rock salt", 1999, "", "Formula: NaCl.", "CC0-1.0"),
}  # fmt: skip


@pytest.mark.parametrize("reference", RECORDS)
def test_a_record_becomes_a_document_that_says_where_it_is_from(reference: str, network) -> None:
    name, title, year, doi, text, licence = RECORDS[reference]
    [(found, parsed)] = fetch(reference, network)
    assert found == name
    stated = parsed.metadata
    assert (stated.title, stated.year, stated.doi, stated.licence) == (title, year, doi, licence)
    assert text in parsed.pages[0].text
    assert stated.url.startswith("http") and stated.retrieved.endswith("+00:00")
    assert parsed.format == ("jats" if reference.startswith("pmc") else "record")


@pytest.mark.parametrize(
    ("reference", "limit", "names"),
    [
        ('openalex:"sulfonamides"', 50, [f"openalex:W{n}" for n in range(1, 6)]),
        ("openalex:sulfonamides", 2, ["openalex:W1", "openalex:W2"]),
        ("crossref:zeolites", 2, ["crossref:10.5555/cr.1", "crossref:10.5555/cr.2"]),
        ("arxiv:perovskite gap", 50, ["arxiv:2101.00000v1", "arxiv:2101.00001v1"]),
        ("semanticscholar:enzymes", 50, [f"semanticscholar:{n:040x}" for n in (1, 2, 3)]),
        ("pubmed:pain", 50, ["pubmed:101", "pubmed:102"]),
        ("uniprot:inventase", 50, ["uniprot:P00001", "uniprot:P00002"]),
        ("chembl:aspirin", 50, ["chembl:CHEMBL25", "chembl:CHEMBL26"]),
        ("pdb:haemoglobin", 50, ["pdb:1ABC", "pdb:2ABC"]),
        ("mp:Si", 50, ["mp:mp-1"]),
        ("cod:rock salt", 50, ["cod:1000041"]),
    ],
)
def test_queries_are_paged_to_their_end_or_the_limit(reference: str, limit: int, names: list[str], network) -> None:
    assert [name for name, _ in fetch(reference, network, limit=limit)] == names


def test_fetched_records_are_ingested_once_and_cited(network, store: Store) -> None:
    assert add_documents(fetch("openalex:sulfonamides", network), store).count("added") == 5
    stale = replace(network, fresh_days=0.0)  # fetched again at another time: the same documents
    assert add_documents(fetch("openalex:sulfonamides", stale), store).count("unchanged") == 5
    hit = store.search("sulfonamide solubility", 1)[0]
    document = next(document for document in store.documents() if document.name == hit.document)
    assert document.url.startswith("https://openalex.org/W") and document.licence == "cc-by"
    assert document.venue == "Journal of Inventions" and document.authors == ("Ana Kim", "Bo Lee")


def test_what_is_not_there_is_said(network) -> None:
    for reference in ("crossref:10.5555/none", "pubchem:unobtainium", "cod:9999999"):
        with pytest.raises(ConnectorError, match="no such record"):
            list(fetch(reference, network))
    with pytest.raises(ConnectorError, match="nothing for 'nothing'"):
        list(fetch("pubmed:nothing", network))


def test_a_key_goes_into_a_header_and_nowhere_else(network, replay) -> None:
    list(fetch("mp:mp-149", network))
    assert replay.headers["x-api-key"] == "secret-key"
    assert "mailto:lab@example.org" in replay.headers["user-agent"]
    kept = [file.read_text() for file in (network.cache / "mp").iterdir()]
    assert kept and not any("secret-key" in text for text in kept)
    with pytest.raises(ConnectorError, match="only with a key"):
        list(fetch("mp:mp-149", replace(network, keys={})))


def test_references_are_told_from_paths() -> None:
    assert split_reference('OpenAlex:"COX-2 inhibitors"') == ("openalex", "COX-2 inhibitors")
    assert split_reference("crossref:10.1000/xyz") == ("crossref", "10.1000/xyz")
    for path in ("papers/a.pdf", "C:/papers", "notes:today.txt", "openalex:", "pubmed"):
        assert split_reference(path) is None
    with pytest.raises(ConnectorError, match="names no connector"):
        list(fetch("nowhere:1", None))  # type: ignore[arg-type]
    assert all(connector.base.startswith("https://") for connector in CONNECTORS.values())
