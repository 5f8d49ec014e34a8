"""What a goal about crystals works on: files, formulas, families in words, minerals, and substitutions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import reduce
from math import gcd
from pathlib import Path

from agent.reasoning.understanding.compositions import Compositions, find_compositions
from agent.reasoning.understanding.elements import ElementWishes, find_elements
from agent.reasoning.understanding.families import CHARGES, Family, find_family, refuse_impossible_family
from agent.reasoning.understanding.files import FoundFile
from agent.reasoning.understanding.mineral_names import STRUCTURE_TYPES, find_minerals
from agent.reasoning.understanding.replacing import USUAL, Replacing, find_replacing

_MINERALOGY = re.compile(
    r"\bminerals?\b|mineralog\w*|\bsoils?\b|\bclays?\b|\brocks?\b|sediment\w*|\bores?\b|tailings|광물|토양|점토|암석|퇴적|광석",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"([A-Z][a-z]?)(\d+(?:\.\d+)?)?")
_SUM = re.compile(r"^_chemical_formula_sum\s+['\"]?([^'\"\n]+)", re.MULTILINE)


@dataclass(frozen=True)
class CrystalInputs:
    """The crystals of a goal.

    Attributes:
        structures: Structure files.
        patterns: Diffraction patterns.
        others: Files of other kinds.
        formulas: Compositions, named or filled in.
        systems: Sets of elements to enumerate.
        prototypes: Structure types that it names.
        minerals: Minerals of the table that it names.
        all_minerals: Whether a pattern is to be compared with the whole table of minerals.
        replacing: The substitution that it asks for.
        wishes: The elements that it wants or rules out.
        family: What was filled in for a family in words.
        notes: What the reader should know.
    """

    structures: tuple[FoundFile, ...] = ()
    patterns: tuple[FoundFile, ...] = ()
    others: tuple[FoundFile, ...] = ()
    formulas: tuple[str, ...] = ()
    systems: tuple[tuple[str, ...], ...] = ()
    prototypes: tuple[str, ...] = ()
    minerals: tuple[str, ...] = ()
    all_minerals: bool = False
    replacing: Replacing | None = None
    wishes: ElementWishes = field(default_factory=ElementWishes)
    family: Family | None = None
    notes: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there is anything to compute."""
        return bool(self.structures or self.formulas or self.systems or self.minerals or self.all_minerals)


def crystal_inputs(text: str, files: tuple[FoundFile, ...], found: Compositions) -> CrystalInputs:
    """Gather what a goal works on.

    Args:
        text: Normalised goal text with identifiers masked.
        files: Its files.
        found: The formulas, systems and structure types that it writes out.

    Raises:
        ConflictError: It rules out the elements that its family is made of.
    """
    wishes = find_elements(text)
    refuse_impossible_family(text, wishes)
    structures = tuple(item for item in files if item.kind == "structure")
    patterns = tuple(item for item in files if item.kind == "pattern")
    others = tuple(item for item in files if item.kind not in ("structure", "pattern"))
    notes: list[str] = []
    formulas = _without_those_of_files([item.formula for item in found.formulas], structures)
    minerals = [
        item
        for item in find_minerals(text)
        if not (item.name in STRUCTURE_TYPES and (found.prototypes or formulas) and item.formula not in formulas)
    ]
    named = tuple(item.name for item in minerals if not _in_files(item.formula, structures))
    formulas = [formula for formula in formulas if formula not in {item.formula for item in minerals}]
    if minerals:  # "quartz, coesite (SiO2 polymorphs)": the structures are known, and need no prototypes
        notes.append(f"Structures of {', '.join(item.name for item in minerals)} are those of published refinements.")
    replacing = find_replacing(text)
    removed = [s for s in wishes.without if any(s in _elements(formula) for formula in formulas)]
    if (
        replacing is None
        and removed
        and (new := tuple(s for s in USUAL.get(removed[0], ()) if s not in wishes.without))
    ):
        replacing = Replacing(removed[0], new, (), True, (), f"{removed[0]} is ruled out")
    if replacing is not None and not (structures or formulas or named):
        replacing = None
    if replacing is not None and replacing.assumed:
        new = tuple(s for s in replacing.new if s not in wishes.without)
        replacing = replace(replacing, new=new) if new else None
        if replacing is not None:
            notes.append(
                f"'{replacing.text}': the goal does not say by what, so I try {' and '.join(new)}, which usually have "
                "the same charge; name others to change that."
            )
    systems = tuple(tuple(s for s in system if s not in wishes.without) for system in found.systems)
    systems = tuple(system for system in systems if len(system) > 1)
    family = None
    if not (structures or formulas or systems or named or patterns):
        family = find_family(text, wishes)
        if family is not None:
            formulas = list(family.formulas)
            notes.append(_told(family))
        elif (system := _system_of(wishes)) is not None:
            systems = (system,)
            notes.append(f"I read the elements {', '.join(system)} as a chemical system to enumerate.")
    if wishes.excluded and (formulas or systems):
        left_out = "; ".join(dict.fromkeys(words for _, words in wishes.excluded))
        kept = [f for f in formulas if replacing is not None or not set(_elements(f)) & wishes.without]
        formulas = kept or formulas
        notes.append(f"'{left_out}': no composition with {', '.join(sorted(wishes.without))} is proposed.")
    return CrystalInputs(
        structures=structures,
        patterns=patterns,
        others=others,
        formulas=tuple(dict.fromkeys(formulas)),
        systems=systems,
        prototypes=found.prototypes,
        minerals=named,
        all_minerals=bool(patterns) and not (structures or formulas or named)
        and (bool(_MINERALOGY.search(text)) or not systems),
        replacing=replacing,
        wishes=wishes,
        family=family,
        notes=tuple(notes),
    )  # fmt: skip


def from_answer(text: str, files: tuple[FoundFile, ...]) -> CrystalInputs:
    """What the answer to the question for crystals names."""
    return crystal_inputs(text, files, find_compositions(text))


def _told(family: Family) -> str:
    listed = ", ".join(family.formulas)
    if not family.assumed:
        return f"I read the goal as {family.title}: {listed}."
    return (
        f"The goal leaves open {'; '.join(family.assumed)}: I assume the usual choice for {family.title} and compute "
        f"{listed}. Name compositions to change that."
    )


def _system_of(wishes: ElementWishes) -> tuple[str, ...] | None:
    """The elements as a chemical system: cations and an anion, two to five in all."""
    chosen = wishes.wanted
    anions = [s for s in chosen if CHARGES.get(s, 0) < 0]
    cations = [s for s in chosen if CHARGES.get(s, 0) > 0]
    return chosen if anions and cations and 2 <= len(chosen) <= 5 else None


def _elements(formula: str) -> list[str]:
    return [symbol for symbol, _ in _SYMBOLS.findall(formula)]


def _without_those_of_files(formulas: list[str], structures: tuple[FoundFile, ...]) -> list[str]:
    """The formulas that no given structure file already holds."""
    return [formula for formula in formulas if not _in_files(formula, structures)]


def _in_files(formula: str, structures: tuple[FoundFile, ...]) -> bool:
    wanted = _counts(formula)
    for item in structures:
        try:
            with open(Path(item.path).expanduser(), encoding="utf-8", errors="replace") as file:
                head = file.read(4000)
        except OSError:
            continue
        if (told := _SUM.search(head)) and _counts(told[1]) == wanted:
            return True
        if Path(item.path).stem.lower() == formula.lower():
            return True
    return False


def _counts(formula: str) -> dict[str, float]:
    """Atoms by element, reduced to the smallest whole numbers where they are whole."""
    counts: dict[str, float] = {}
    for symbol, amount in _SYMBOLS.findall(formula):
        counts[symbol] = counts.get(symbol, 0.0) + float(amount or 1)
    if counts and all(value.is_integer() for value in counts.values()):
        shared = reduce(gcd, (int(value) for value in counts.values()))
        return {symbol: value / max(shared, 1) for symbol, value in counts.items()}
    return counts
