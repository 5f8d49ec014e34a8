"""Whether a crystal, or its composition, is in the reference sets that packages ship."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.tools.crystals.reference_sets import (
    AFLOW,
    COMPOSITIONS,
    MINERAL_TABLE,
    NOT_SEARCHED,
    Composition,
    named_compositions,
    published,
    reduced,
)
from agent.tools.crystals.structures import known_warnings, read_crystals
from agent.units import counted

if TYPE_CHECKING:
    from pymatgen.core import Structure

_FORMULA = re.compile(r"(?:[A-Z][a-z]?|[\d.()\[\]·])+$")


@tool("materials", engines=("pymatgen", "chemicals"), cost="light", seconds=120.0)
def check_known_crystals(structures: list[str]) -> Result:
    """Check whether crystals are already known, by structure and composition in sets that installed packages ship.

    A match of the structure says that the crystal is known; a match of the composition, that a compound of it has a
    name, whatever its structure. No match says little: the sets hold some hundred structures and some thousand
    compositions, where databases of structures hold hundreds of thousands.

    Args:
        structures: Formulas, keys such as ``MgO [rocksalt]``, CIF or POSCAR texts, or paths of such files.

    Returns:
        ``data``: rows, one a structure (index, formula, known: "no" or the name of the match, level: "structure",
        "composition" or "", set), searched and not_searched. Candidates for all but bare formulas, with the label
        known.

    Source:
        pymatgen's StructureMatcher (Ong et al., Comput. Mater. Sci. 2013, 68, 314) with its default tolerances.
    """
    if not structures:
        raise RepairableToolError("check_known_crystals: structures: the list is empty.", remedy="Give one at least.")
    rows, drafts = [], []
    for index, (key, composition, structure, formula) in enumerate(_read(structures)):
        known, level, source = _known(composition, structure)
        rows.append({"index": index, "formula": formula, "known": known, "level": level, "set": source})
        if key:
            label = known if level != "composition" else f"composition: {known}"
            drafts.append(CandidateDraft(kind="crystal", structure=key, labels={"known": label}))
        progress((index + 1) / len(structures), "comparing with reference sets")
    found = sum(row["level"] == "structure" for row in rows)
    named = sum(row["level"] == "composition" for row in rows)
    searched = [MINERAL_TABLE, AFLOW, COMPOSITIONS]
    return ok(
        f"{found} of {counted(len(rows), 'crystal')} are known structures, {named} more have a known composition, in: "
        f"{'; '.join(searched)}. Not searched: {NOT_SEARCHED}.",
        values=[Value(name="known_crystals", value=found), Value(name="checked_crystals", value=len(rows))],
        data={"rows": rows, "searched": searched, "not_searched": [NOT_SEARCHED]},
        candidates=drafts,
    )


def _read(texts: list[str]) -> list[tuple[str, Composition, Structure | None, str]]:
    """Of each: the candidate's key ("" for a bare formula), composition, ordered structure if any, and formula."""
    given = {text: text.partition(" [")[0].strip() for text in texts if "\n" not in text}
    formulas = {text: head for text, head in given.items() if _FORMULA.match(head)}
    crystals = [text for text in texts if text not in formulas]
    read = iter(read_crystals(crystals) if crystals else ())
    found = []
    for text in texts:
        if text in formulas:
            composition, formula = _integral(formulas[text])
            found.append((text.strip() if "[" in text else "", composition, None, formula))
            continue
        crystal = next(read)
        ordered = crystal.structure.is_ordered
        composition, _ = _integral(crystal.structure.composition.formula)
        found.append((crystal.key, composition, crystal.structure if ordered else None, crystal.formula))
    return found


def _integral(formula: str) -> tuple[Composition, str]:
    """The composition in whole numbers, and the reduced formula."""
    from pymatgen.core import Composition as Parsed
    from pymatgen.core import Element

    try:
        integral, _ = Parsed(formula).get_integer_formula_and_factor()
        parsed = Parsed(integral)
        if not all(isinstance(element, Element) for element in parsed.elements):
            raise ValueError("it names an element that does not exist")
    except ValueError as error:
        raise RepairableToolError(
            f"check_known_crystals: '{formula}' is no formula: {error}.", remedy="Write it like LiFePO4."
        ) from error
    counts = {element: round(number) for element, number in parsed.get_el_amt_dict().items()}
    return reduced(counts), parsed.reduced_formula


def _known(composition: Composition, structure: Structure | None) -> tuple[str, str, str]:
    """The match's name ("no" for none), what matched, and the set."""
    same = published(composition)
    if structure is not None and same:
        from pymatgen.analysis.structure_matcher import StructureMatcher

        matcher = StructureMatcher()
        with known_warnings():
            for one in same:
                if matcher.fit(structure, one.structure):
                    return one.name, "structure", one.source
    if same:
        return same[0].name, "composition", same[0].source
    name = named_compositions().get(composition, "")
    return (name, "composition", COMPOSITIONS) if name else ("no", "", "")
