"""Structures of crystals and macromolecules: RCSB PDB, Materials Project, Crystallography Open Database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from knowledge.connectors.polite import Answer, Polite, json_check
from knowledge.connectors.registry import CONNECTORS
from knowledge.connectors.shapes import dig, lines, record, year
from knowledge.errors import ConnectorError, ReadingError
from knowledge.reading.chemistry import cif_document
from knowledge.records import Metadata, Parsed

Records = Iterator[tuple[str, Parsed]]


def pdb(asked: str, service: Polite, limit: int) -> Records:
    """Entries of the Protein Data Bank: an identifier or a query.

    Source: the RCSB Data API (core entry) and Search API (full-text service) documentation.
    """
    if re.fullmatch(r"\d[A-Za-z0-9]{3}|pdb_[A-Za-z0-9]{8}", asked):
        keys = [asked.upper()]
    else:
        keys = list(_found(asked, service, limit))
    for key in keys:
        answer = service.get(f"rest/v1/core/entry/{key}", check=json_check)
        yield _entry(answer.json(), answer)


def _found(asked: str, service: Polite, limit: int) -> Iterator[str]:
    address = service.address("pdb-search", CONNECTORS["pdb"].search)
    for start in range(0, limit, 100):
        query = {
            "query": {"type": "terminal", "service": "full_text", "parameters": {"value": asked}},
            "return_type": "entry",
            "request_options": {"paginate": {"start": start, "rows": min(100, limit - start)}},
        }
        answer = service.get(f"{address}/rcsbsearch/v2/query", {"json": json.dumps(query)}, check=json_check)
        found = dig(answer.json(), "result_set", [])
        yield from (str(dig(item, "identifier")) for item in found)
        if len(found) < 100:
            return


def _entry(entry: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    key = str(dig(entry, "rcsb_id") or dig(entry, "entry.id"))
    title = str(dig(entry, "struct.title"))
    citation = dig(entry, "rcsb_primary_citation", {})
    facts = lines(
        (
            ("Structure", title),
            ("PDB", key),
            ("Keywords", dig(entry, "struct_keywords.pdbx_keywords")),
            ("Method", [dig(item, "method") for item in dig(entry, "exptl", [])]),
            ("Resolution / Å", dig(entry, "rcsb_entry_info.resolution_combined", [])),
            ("Space group", dig(entry, "symmetry.space_group_name_H_M") or dig(entry, "symmetry.space_group_name_hm")),
            ("Mass / kDa", dig(entry, "rcsb_entry_info.molecular_weight")),
            ("Deposited", str(dig(entry, "rcsb_accession_info.deposit_date"))[:10]),
            ("Article", dig(citation, "title")),
        )
    )
    stated = Metadata(
        title,
        tuple(dig(citation, "rcsb_authors", [])) or tuple(dig(a, "name") for a in dig(entry, "audit_author", [])),
        dig(citation, "year", None) or year(dig(entry, "rcsb_accession_info.deposit_date")),
        str(dig(citation, "pdbx_database_id_DOI")).lower(),
        dig(citation, "rcsb_journal_abbrev") or "Protein Data Bank",
        f"https://www.rcsb.org/structure/{key}",
        answer.retrieved,
        "CC0-1.0",
    )
    return key, record(facts, stated)


_SUMMARY = (
    "material_id,formula_pretty,chemsys,symmetry,nsites,volume,density,energy_above_hull,formation_energy_per_atom,"
    "band_gap,is_gap_direct,is_metal,is_stable,total_magnetization,theoretical"
)


def mp(asked: str, service: Polite, limit: int) -> Records:
    """Computed materials by the Materials Project: an identifier, a formula or a chemical system (``Li-Fe-O``).

    Source: the Materials Project API documentation (materials/summary; the key goes into a header).
    """
    kind = (
        "material_ids" if re.fullmatch(r"m(?:p|vc)-\w+", asked)
        else "chemsys" if re.fullmatch(r"[A-Z][a-z]?(?:-[A-Z][a-z]?)+", asked)
        else "formula"
    )  # fmt: skip
    size = min(100, limit)
    for start in range(0, limit, size):
        query = {kind: asked, "_fields": _SUMMARY, "_limit": size, "_skip": start}
        answer = service.get("materials/summary/", query, headers={"X-API-KEY": service.key}, check=json_check)
        found = dig(answer.json(), "data", [])
        yield from (_material(item, answer) for item in found)
        if len(found) < size:
            return


def _material(item: dict[str, Any], answer: Answer) -> tuple[str, Parsed]:
    key, formula = str(dig(item, "material_id")), str(dig(item, "formula_pretty"))
    group = dig(item, "symmetry.symbol")
    facts = lines(
        (
            ("Material", formula),
            ("Materials Project", key),
            ("Space group", group),
            ("Crystal system", dig(item, "symmetry.crystal_system")),
            ("Sites in the cell", dig(item, "nsites")),
            ("Density / g/cm³", dig(item, "density")),
            ("Computed band gap (DFT) / eV", dig(item, "band_gap")),
            ("Computed formation energy / eV/atom", dig(item, "formation_energy_per_atom")),
            ("Computed energy above the hull / eV/atom", dig(item, "energy_above_hull")),
            ("Magnetization of the cell / µB", dig(item, "total_magnetization")),
            ("Only computed, not observed", "yes" if dig(item, "theoretical", False) else "no"),
        )
    )
    title = f"{formula} ({group})" if group else formula
    url = f"https://next-gen.materialsproject.org/materials/{key}"
    stated = Metadata(title, venue="Materials Project", url=url, retrieved=answer.retrieved, licence="CC-BY-4.0")
    return key, record(facts, stated)


def cod(asked: str, service: Polite, limit: int) -> Records:
    """Measured crystal structures by the Crystallography Open Database: a number or words.

    Source: the COD's documentation of its REST interface (result, <number>.cif).
    """
    if re.fullmatch(r"\d{7}", asked):
        keys = [asked]
    else:
        answer = service.get("cod/result", {"text": asked, "format": "json"}, check=json_check)
        found = answer.json()
        keys = [str(dig(item, "file")) for item in (found if isinstance(found, list) else [])][:limit]
    for key in keys:
        answer = service.get(f"cod/{key}.cif", check=_whole_cif)
        try:
            parsed = cif_document(answer.text)
        except ReadingError as error:
            raise ConnectorError(f"{answer.url} did not answer with a CIF: {error}") from error
        url = f"https://www.crystallography.net/cod/{key}.html"
        own = parsed.metadata
        stated = replace(own, title=own.title or f"COD {key}", url=url, retrieved=answer.retrieved, licence="CC0-1.0")
        yield key, replace(parsed, metadata=stated, format="record")


def _whole_cif(text: str) -> None:
    if "data_" not in text:
        raise ValueError("it holds no data block")
