"""Molecules and proteins: UniProt, PubChem, ChEMBL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from knowledge.connectors.polite import Answer, Polite, json_check
from knowledge.connectors.shapes import dig, lines, plain, record
from knowledge.errors import ConnectorError
from knowledge.records import Metadata, Parsed

Records = Iterator[tuple[str, Parsed]]
_ACCESSION = re.compile(r"[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2}")
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


def uniprot(asked: str, service: Polite, limit: int) -> Records:
    """Proteins by UniProtKB: an accession or a query, paged by the ``Link`` header.

    Source: the UniProt REST API documentation and its accession format.
    """
    if _ACCESSION.fullmatch(asked.upper()):
        answer = service.get(f"uniprotkb/{asked.upper()}.json", check=json_check)
        yield _protein(answer.json(), answer)
        return
    answer = service.get(
        "uniprotkb/search", {"query": asked, "format": "json", "size": min(100, limit)}, check=json_check
    )
    while True:
        for entry in dig(answer.json(), "results", []):
            yield _protein(entry, answer)
        further = _NEXT.search(answer.headers.get("link", ""))
        if further is None:
            return
        answer = service.get(further[1], check=json_check)


def _protein(entry: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    key = str(dig(entry, "primaryAccession"))
    name = dig(entry, "proteinDescription.recommendedName.fullName.value") or dig(
        entry, "proteinDescription.submissionNames.0.fullName.value", key
    )
    told = []
    for comment in dig(entry, "comments", []):
        kind = str(dig(comment, "commentType")).capitalize()
        told += [f"{kind}: {dig(text, 'value')}" for text in dig(comment, "texts", []) if dig(text, "value")]
    genes = [dig(gene, "geneName.value") for gene in dig(entry, "genes", [])]
    facts = lines(
        (
            ("Protein", name),
            ("Accession", key),
            ("Entry", dig(entry, "uniProtkbId")),
            ("Gene", [gene for gene in genes if gene]),
            ("Organism", dig(entry, "organism.scientificName")),
            ("Length", dig(entry, "sequence.length")),
            ("Mass / Da", dig(entry, "sequence.molWeight")),
        )
    )
    title = f"{name} ({dig(entry, 'organism.scientificName')})"
    url = f"https://www.uniprot.org/uniprotkb/{key}"
    stated = Metadata(title, venue="UniProtKB", url=url, retrieved=answer.retrieved, licence="CC-BY-4.0")
    return key, record("\n\n".join((facts, *told, f"Sequence:\n{dig(entry, 'sequence.value')}")), stated)


_PROPERTIES = "Title,MolecularFormula,MolecularWeight,SMILES,InChIKey,IUPACName,XLogP,TPSA"


def pubchem(asked: str, service: Polite, limit: int) -> Records:
    """A compound by PubChem: its number, its name, or its InChIKey.

    Source: the PUG REST specification (compound property tables and descriptions).
    """
    kind = "cid" if asked.isdigit() else "inchikey" if re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", asked) else "name"
    path = f"rest/pug/compound/{kind}/{quote(asked, safe='')}/property/{_PROPERTIES}/JSON"
    answer = service.get(path, check=json_check)
    for compound in dig(answer.json(), "PropertyTable.Properties", [])[:limit]:
        key = str(dig(compound, "CID"))
        title = str(dig(compound, "Title", asked))
        try:
            described = service.get(f"rest/pug/compound/cid/{key}/description/JSON", check=json_check).json()
        except ConnectorError as error:
            if "no such record" not in error.message:
                raise
            described = {}
        told = [
            f"{plain(dig(item, 'Description'))} (Source: {dig(item, 'DescriptionSourceName')}.)"
            for item in dig(described, "InformationList.Information", [])
            if dig(item, "Description")
        ]
        facts = lines(
            (
                ("Compound", title),
                ("Formula", dig(compound, "MolecularFormula")),
                ("Molar mass / g/mol", dig(compound, "MolecularWeight")),
                ("SMILES", dig(compound, "SMILES")),
                ("InChIKey", dig(compound, "InChIKey")),
                ("IUPAC name", dig(compound, "IUPACName")),
                ("Computed XLogP", dig(compound, "XLogP")),
                ("Computed TPSA / Å²", dig(compound, "TPSA")),
            )
        )
        url = f"https://pubchem.ncbi.nlm.nih.gov/compound/{key}"
        stated = Metadata(title, venue="PubChem", url=url, retrieved=answer.retrieved)
        yield key, record("\n\n".join((facts, *told)), stated)


def chembl(asked: str, service: Polite, limit: int) -> Records:
    """Molecules by ChEMBL: an identifier or a query, with their mechanisms of action.

    Source: the ChEMBL data web services documentation (molecule, mechanism).
    """
    if re.fullmatch(r"CHEMBL\d+", asked.upper()):
        answer = service.get(f"chembl/api/data/molecule/{asked.upper()}.json", check=json_check)
        yield _molecule(answer.json(), answer, service)
        return
    query: dict[str, Any] | None = {"q": asked, "limit": min(100, limit), "offset": 0}
    path = "chembl/api/data/molecule/search.json"
    while path:
        answer = service.get(path, query, check=json_check)
        for molecule in dig(answer.json(), "molecules", []):
            yield _molecule(molecule, answer, service)
        path, query = dig(answer.json(), "page_meta.next"), None


def _molecule(molecule: dict[str, Any], answer: Answer, service: Polite) -> tuple[str, Parsed]:
    key = str(dig(molecule, "molecule_chembl_id"))
    name = dig(molecule, "pref_name") or key
    properties = dig(molecule, "molecule_properties", {})
    names = [dig(item, "molecule_synonym") for item in dig(molecule, "molecule_synonyms", [])]
    facts = lines(
        (
            ("Molecule", name),
            ("ChEMBL", key),
            ("Also called", sorted({str(other) for other in names if other})[:20]),
            ("Highest clinical phase", dig(molecule, "max_phase")),
            ("Formula", dig(properties, "full_molformula")),
            ("Molar mass / g/mol", dig(properties, "full_mwt")),
            ("Computed AlogP", dig(properties, "alogp")),
            ("Computed PSA / Å²", dig(properties, "psa")),
            ("SMILES", dig(molecule, "molecule_structures.canonical_smiles")),
            ("InChIKey", dig(molecule, "molecule_structures.standard_inchi_key")),
        )
    )
    query = {"molecule_chembl_id": key, "limit": 20}
    acting = service.get("chembl/api/data/mechanism.json", query, check=json_check).json()
    told = [
        f"Mechanism of action: {dig(item, 'mechanism_of_action')} ({dig(item, 'action_type')})."
        for item in dig(acting, "mechanisms", [])
        if dig(item, "mechanism_of_action")
    ]
    url = f"https://www.ebi.ac.uk/chembl/compound_report_card/{key}/"
    stated = Metadata(str(name), venue="ChEMBL", url=url, retrieved=answer.retrieved, licence="CC-BY-SA-3.0")
    return key, record("\n\n".join((facts, *told)), stated)
