"""From a family of crystals in words ("nitrides of Ti and Zr", "lead-free halide perovskites") to formulas.

Where the goal says which elements, those are combined; where it leaves a place open, the commonest members of the
family fill it, and the brief says so: the choice is an assumption that the researcher can change.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from math import gcd

from agent.errors import ConflictError
from agent.reasoning.understanding.elements import ElementWishes

MOST_FORMULAS = 12
"""How many compositions a family is filled with: what a potential relaxes in some minutes."""

ANIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"oxides?|산화물", ("O",)),
    (r"nitrides?|질화물", ("N",)),
    (r"carbides?|탄화물", ("C",)),
    (r"sul(?:f|ph)ides?|황화물", ("S",)),
    (r"selenides?|셀레늄화물|셀렌화물", ("Se",)),
    (r"tellurides?|텔루륨화물", ("Te",)),
    (r"fluorides?|불화물|플루오린화물", ("F",)),
    (r"chlorides?|염화물", ("Cl",)),
    (r"bromides?|브롬화물|브로민화물", ("Br",)),
    (r"iodides?|요오드화물|아이오딘화물", ("I",)),
    (r"phosphides?|인화물", ("P",)),
    (r"hydrides?|수소화물", ("H",)),
    (r"halides?|할라이드|할로겐화물|할로젠화물", ("Cl", "Br", "I")),
    (r"chalcogenides?|칼코겐화물|칼코게나이드", ("S", "Se", "Te")),
)  # fmt: skip
"""Words for a class of compounds, and the anions that make it."""

CHARGES: dict[str, int] = {
    "O": -2, "N": -3, "C": -4, "S": -2, "Se": -2, "Te": -2, "F": -1, "Cl": -1, "Br": -1, "I": -1, "P": -3, "H": -1,
    "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Ag": 1, "Cu": 2, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Cd": 2,
    "Mn": 2, "Fe": 2, "Co": 2, "Ni": 2, "Pb": 2, "Sn": 2, "Ge": 2, "Be": 2, "Al": 3, "Ga": 3, "In": 3, "Sc": 3, "Y": 3,
    "La": 3, "Nd": 3, "Sm": 3, "Gd": 3, "B": 3, "Cr": 3, "Bi": 3, "Sb": 3, "V": 3, "Si": 4, "Ti": 4, "Zr": 4, "Hf": 4,
    "Nb": 5, "Ta": 5, "W": 6, "Mo": 6,
}  # fmt: skip
"""One usual charge of each element, to balance a binary compound with."""

INTERSTITIAL = frozenset(("Ti", "V", "Cr", "Zr", "Nb", "Hf", "Ta", "W", "Mo", "Sc"))
"""Metals whose carbides and nitrides are known in rock salt at 1:1."""

LARGE = ("Cs", "Rb", "K", "Na", "Ca", "Sr", "Ba", "Pb", "La", "Nd", "Sm", "Gd", "Y", "Bi")
"""Elements that take the large site of a perovskite."""

USUAL: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "oxide perovskite": (("Ca", "Sr", "Ba"), ("Ti", "Zr", "Hf"), ("O",)),
    "halide perovskite": (("Cs",), ("Pb", "Sn", "Ge"), ("I", "Br", "Cl")),
}
"""What usually stands on the sites of a perovskite, where the goal leaves them open."""

CATHODES: dict[str, tuple[str, ...]] = {
    "Li": ("LiCoO2", "LiNiO2", "LiMnO2", "LiMn2O4", "LiNi2O4", "LiV2O4", "LiFePO4", "LiMnPO4", "LiCoPO4", "LiNiPO4"),
    "Na": ("NaCoO2", "NaNiO2", "NaMnO2", "NaFeO2", "NaCrO2", "NaVO2", "NaFePO4", "NaMnPO4"),
}
"""Cathode materials of the usual structure types, by working ion."""

_PEROVSKITE = re.compile(r"perovskites?|페로브스카이트|페롭스카이트", re.IGNORECASE)
_DOUBLE = re.compile(r"double[- ]perovskites?|elpasolites?|이중\s?페로브스카이트", re.IGNORECASE)
_CATHODE = re.compile(r"\bcathodes?\b|positive electrodes?|양극(?:재|\s?소재|\s?물질)?", re.IGNORECASE)
_SODIUM = re.compile(r"\bNa[- ]?ion|\bsodium[- ]ion|나트륨\s?이온|소듐\s?이온|\bNa\b", re.IGNORECASE)
_LITHIUM = re.compile(r"\bLi[- ]?ion|\blithium[- ]ion|리튬\s?이온|이차전지", re.IGNORECASE)


@dataclass(frozen=True)
class Family:
    """Compositions that stand for a family.

    Attributes:
        formulas: In the order in which they are tried.
        title: What the family is, for the note.
        assumed: What of it the goal did not say.
    """

    formulas: tuple[str, ...]
    title: str
    assumed: tuple[str, ...] = ()


def anions_of(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The classes of compounds that a goal names, with their anions; a class that is ruled out is none."""
    found = []
    for pattern, members in ANIONS:
        for match in re.finditer(rf"(?<![A-Za-z가-힣-])(?:{pattern})(?![A-Za-z])", text, re.IGNORECASE):
            ruled_out = re.search(
                r"\b(?:no|not|without|avoid(?:ing)?|exclud\w+)\s+$", text[: match.start()], re.IGNORECASE
            )
            if not ruled_out:
                found.append((match[0], members))
                break
    return tuple(found)


def refuse_impossible_family(text: str, wishes: ElementWishes) -> None:
    """Check that the goal does not rule out what its family is made of.

    Raises:
        ConflictError: Every anion of a named class is excluded ("oxides without oxygen").
    """
    for name, members in anions_of(text):
        if members and set(members) <= wishes.without:
            told = next(words for symbol, words in wishes.excluded if symbol in members)
            raise ConflictError(
                f"'{name}' and '{told}' contradict each other: {name} are made of {' or '.join(members)}.",
                remedy="Change or drop one of the two.",
            )


def find_family(text: str, wishes: ElementWishes) -> Family | None:
    """The compositions that a family in words stands for.

    Args:
        text: Normalised goal text with identifiers masked.
        wishes: The elements that it wants and rules out.

    Returns:
        The family; ``None`` where the goal names none that can be filled.
    """
    classes = anions_of(text)
    narrowed = bool(classes or wishes.wanted or wishes.excluded or re.search(r"\b[A-Z]?BO_?3\b|\bABX3\b", text))
    if _PEROVSKITE.search(text):  # the word alone leaves everything open, and is asked about
        return _perovskites(text, wishes) if narrowed else None
    if _CATHODE.search(text):
        return _cathodes(text, wishes) if narrowed or _SODIUM.search(text) or _LITHIUM.search(text) else None
    if classes:
        return _binaries(classes, wishes)
    return None


def _perovskites(text: str, wishes: ElementWishes) -> Family | None:
    anions = tuple(dict.fromkeys(x for _, members in anions_of(text) for x in members))
    named = [symbol for symbol in wishes.wanted if symbol in ("O", "F", "Cl", "Br", "I", "S")]
    anions = tuple(dict.fromkeys((*named, *(() if named else anions))))
    halide = bool(set(anions) & {"F", "Cl", "Br", "I"}) or ("Cs" in wishes.wanted and "O" not in anions) or (
        not anions and bool(re.search(r"solar|photovolt|lead-free|무연|태양|led\b|X3\b", text, re.IGNORECASE))
    )  # fmt: skip
    a_usual, b_usual, x_usual = USUAL["halide perovskite" if halide else "oxide perovskite"]
    cations = [s for s in wishes.wanted if CHARGES.get(s, 1) > 0]
    if _DOUBLE.search(text):
        return _doubles(cations, anions or x_usual, wishes)
    large = tuple(s for s in cations if s in LARGE and not (halide and s in ("Pb", "Bi")))
    small = tuple(s for s in cations if s not in large)
    if not anions and re.search(r"\b[A-Z]?BO_?3\b", text):
        anions = ("O",)
    sites: list[tuple[str, ...]] = []
    assumed = []
    for told, usual, site in ((large, a_usual, "A"), (small, b_usual, "B"), (anions, x_usual, "X")):
        sites.append(tuple(s for s in (told or usual) if s not in wishes.without))
        if not told:
            assumed.append(f"{site} = {', '.join(sites[-1])}")
    a, b, x = sites
    made = [f"{one}{two}{three}3" for one, two, three in itertools.product(a, b, x)]
    return Family(tuple(_mixed(made)), "perovskites ABX3", tuple(assumed)) if made else None


def _doubles(cations: list[str], anions: tuple[str, ...], wishes: ElementWishes) -> Family | None:
    a = tuple(s for s in cations if s in ("Cs", "Rb", "K")) or ("Cs",)
    one = tuple(s for s in cations if s in ("Ag", "Na", "Cu", "In")) or ("Ag", "Na")
    three = tuple(s for s in cations if s in ("Bi", "In", "Sb", "Fe", "Al", "Ga") and s not in one) or ("Bi", "In")
    x = tuple(s for s in anions if s not in wishes.without)
    made = [
        f"{p}2{q}{r}{s}6" for p, q, r, s in itertools.product(a, one, three, x) if not {p, q, r, s} & wishes.without
    ]
    told = [] if any(s in cations for s in (*one, *three)) else ["B = Ag or Na, B' = Bi or In"]
    return Family(tuple(_mixed(made)), "double perovskites A2BB'X6", tuple(told)) if made else None


def _cathodes(text: str, wishes: ElementWishes) -> Family | None:
    ion = "Na" if _SODIUM.search(text) and not _LITHIUM.search(text) else "Li"
    kept = [f for f in CATHODES[ion] if not set(re.findall(r"[A-Z][a-z]?", f)) & wishes.without]
    asked = [s for s in wishes.wanted if s not in (ion, "O", "P")]
    if asked:
        kept = [f for f in kept if set(re.findall(r"[A-Z][a-z]?", f)) & set(asked)]
    title = f"{ion}-ion cathodes of the layered, spinel and olivine types"
    return Family(tuple(kept), title, ("the structure types",)) if kept else None


def _binaries(classes: tuple[tuple[str, tuple[str, ...]], ...], wishes: ElementWishes) -> Family | None:
    cations = [s for s in wishes.wanted if CHARGES.get(s, 0) > 0]
    anions = tuple(dict.fromkeys(x for _, members in classes for x in members if x not in wishes.without))
    assumed: tuple[str, ...] = ()
    if not cations and set(anions) & {"N", "C"}:
        cations = [s for s in ("Ti", "Zr", "Hf", "V", "Nb", "Ta", "Al", "Si") if s not in wishes.without]
        assumed = (f"the metals {', '.join(cations)}",)
    if not cations or not anions:
        return None
    made = [formula for s, x in itertools.product(cations, anions) if (formula := balanced(s, x))]
    title = f"{' and '.join(name for name, _ in classes)} of {', '.join(cations)}"
    return Family(tuple(_mixed(made)), title, assumed) if made else None


def balanced(cation: str, anion: str) -> str:
    """The formula of a binary compound by usual charges; rock-salt carbides and nitrides 1:1."""
    if anion in ("C", "N") and cation in INTERSTITIAL:
        return f"{cation}{anion}"
    plus, minus = CHARGES.get(cation, 0), -CHARGES.get(anion, 0)
    if plus <= 0 or minus <= 0:
        return ""
    shared = gcd(plus, minus)
    count, other = minus // shared, plus // shared
    return f"{cation}{count if count > 1 else ''}{anion}{other if other > 1 else ''}"


def _mixed(made: list[str]) -> list[str]:
    """The formulas cut to the number that is computed, taken evenly over the whole list."""
    made = list(dict.fromkeys(made))
    if len(made) <= MOST_FORMULAS:
        return made
    step = len(made) / MOST_FORMULAS
    return [made[int(i * step)] for i in range(MOST_FORMULAS)]
