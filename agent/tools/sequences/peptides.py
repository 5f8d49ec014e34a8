"""Parts of a protein that are added or cut off: affinity tags with their linkers and sites, and signal peptides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.tools.sequences.variants import HYDROPATHY

TAGS: dict[str, str] = {
    "His6": "HHHHHH", "His8": "HHHHHHHH", "His10": "HHHHHHHHHH", "FLAG": "DYKDDDDK",
    "3xFLAG": "DYKDHDGDYKDHDIDYKDDDDK", "HA": "YPYDVPDYA", "Myc": "EQKLISEEDL", "Strep-tag II": "WSHPQFEK",
    "V5": "GKPIPNPLLGLDST", "T7": "MASMTGGQQMG", "S-tag": "KETAAAKFERQHMDS", "AviTag": "GLNDIFEAQKIEWHE",
    "SpyTag": "AHIVMVDAYKPTK", "ALFA": "SRLEEELRRRLTE", "C-tag": "EPEA", "KDEL": "KDEL", "NLS": "PKKKRKV",
    "TEV": "ENLYFQG", "3C": "LEVLFQGP", "thrombin": "LVPRGS", "enterokinase": "DDDDK", "factor Xa": "IEGR",
    "GGGGS": "GGGGS", "GSG": "GSG",
}  # fmt: skip
"""Tags, protease sites and linkers by name."""
CUT_AFTER: dict[str, int] = {"TEV": 6, "3C": 6, "thrombin": 4, "enterokinase": 5, "factor Xa": 4}
"""Residues of a site that stay before the cut."""

NAMES: tuple[tuple[str, str], ...] = (
    ("His10", r"10\s?x?-?His|His-?10|deca-?his\w*|H10"), ("His8", r"8\s?x?-?His|His-?8|octa-?his\w*|H8"),
    ("His6", r"6\s?x?-?His|His-?6|hexa-?his\w*|poly-?his\w*|His[- ]?tag\w*|H6|히스티딘\s?태그|His|히스\s?태그"),
    ("3xFLAG", r"3\s?x?-?FLAG"), ("FLAG", r"FLAG"), ("HA", r"HA"), ("Myc", r"c-?myc|Myc"),
    ("Strep-tag II", r"Strep[- ]?(?:tag)?[- ]?(?:II|2)?"), ("V5", r"V5"), ("T7", r"T7[- ]tag"), ("S-tag", r"S-tag"),
    ("AviTag", r"Avi-?tag"), ("SpyTag", r"Spy-?tag"), ("ALFA", r"ALFA"), ("C-tag", r"C-tag"), ("KDEL", r"KDEL"),
    ("NLS", r"NLS|nuclear locali[sz]ation signal"), ("TEV", r"TEV"), ("3C", r"(?:HRV[- ]?)?3C|PreScission"),
    ("thrombin", r"thrombin|트롬빈"), ("enterokinase", r"enterokinase"), ("factor Xa", r"factor Xa"),
    ("GGGGS", r"G4S|GGGGS|\(G4S\)\d?"), ("GSG", r"GSG|GS[- ]?linker"),
)  # fmt: skip
"""Tags by how people write them, the longest first."""


def tag(name: str) -> tuple[str, str]:
    """The usual name and the letters of a tag; letters of residues stand for themselves (name empty).

    Raises:
        KeyError: It is no known tag and no sequence.
    """
    plain = name.strip()
    usual = next(
        (key for key, shape in NAMES if re.fullmatch(rf"(?:{shape})(?:[- ]?(?:tag|site|linker))?", plain, re.I)), ""
    )
    if usual:
        return usual, TAGS[usual]
    if re.fullmatch(r"[ACDEFGHIKLMNPQRSTVWY]{3,}", plain):
        return "", plain
    raise KeyError(name)


@dataclass(frozen=True)
class Signal:
    """A likely signal peptide: its last residue (from 1), the hydrophobic stretch (first and last residue), a score."""

    cut_after: int
    core: tuple[int, int]
    score: float


_SEARCHED = 45
"""A signal peptide ends within so many residues."""
_CORE = 8
"""Residues of the hydrophobic core that are averaged."""
_LEAST_CORE = 1.9
"""Mean hydropathy from which a stretch is a core: membrane stretches and signals lie above, soluble ends below."""
# Residues that signal peptidases accept (von Heijne, Nucleic Acids Res. 14 (1986) 4683: the -3, -1 rule), as weights.
_AT_MINUS_1 = {"A": 2.0, "G": 1.4, "S": 1.2, "C": 0.6, "T": 0.3}
_AT_MINUS_3 = {"A": 2.0, "V": 1.2, "S": 0.9, "T": 0.7, "C": 0.6, "G": 0.5, "I": 0.4, "L": 0.3}


def signal_peptide(protein: str) -> Signal | None:
    """The signal peptide of a precursor by its three regions, or ``None``.

    A charged or short start, a hydrophobic core, and a polar end at which the peptidase cuts: small residues at -1 and
    -3, no proline after the cut, 4 to 9 residues behind the core. The cut of the best weights is taken.
    """
    best: Signal | None = None
    for begin in range(1, min(22, len(protein) - _CORE)):
        core = protein[begin : begin + _CORE]
        water = sum(HYDROPATHY.get(one, 0.0) for one in core) / _CORE
        if water < _LEAST_CORE or re.search(r"[DEKR]", core):
            continue
        for cut in range(begin + _CORE + 3, min(begin + _CORE + 10, _SEARCHED, len(protein) - 1)):
            last, third = protein[cut - 1], protein[cut - 3]
            if last not in _AT_MINUS_1 or third not in _AT_MINUS_3 or protein[cut] == "P":
                continue
            between = protein[begin + _CORE : cut]
            score = _AT_MINUS_1[last] + _AT_MINUS_3[third] + 0.5 * water - 0.15 * abs(len(between) - 6)
            score += 0.3 * bool(re.search(r"[KR]", protein[1:begin])) - 0.4 * len(re.findall(r"[DEKR]", between))
            if best is None or score > best.score:
                best = Signal(cut, (begin + 1, begin + _CORE), score)
    return best
