"""Names of molecules to structures, offline: which words are structures, which are names, and where a name is known."""

from __future__ import annotations

import re

from agent.errors import RepairableToolError
from agent.tools.molecules.references import Reference, chemical_by_name, drugs_by_name
from agent.tools.molecules.structures import Structure, read_structure

# Common drugs and solvents as Korean writers call them, and the name under which the reference sets know them.
_KOREAN: dict[str, str] = {
    "아스피린": "aspirin", "카페인": "caffeine", "이부프로펜": "ibuprofen", "셀레콕시브": "celecoxib",
    "셀레콕십": "celecoxib", "로페콕시브": "rofecoxib", "이마티닙": "imatinib", "게피티닙": "gefitinib",
    "엘로티닙": "erlotinib", "소라페닙": "sorafenib", "아세트아미노펜": "acetaminophen",
    "파라세타몰": "acetaminophen", "나프록센": "naproxen", "디클로페낙": "diclofenac", "인도메타신": "indomethacin",
    "멜록시캄": "meloxicam", "메트포르민": "metformin", "메트포민": "metformin", "와파린": "warfarin",
    "와르파린": "warfarin", "아토르바스타틴": "atorvastatin", "심바스타틴": "simvastatin",
    "로수바스타틴": "rosuvastatin", "오메프라졸": "omeprazole", "란소프라졸": "lansoprazole", "로사르탄": "losartan",
    "발사르탄": "valsartan", "암로디핀": "amlodipine", "니페디핀": "nifedipine", "프로프라놀롤": "propranolol",
    "아테놀롤": "atenolol", "캡토프릴": "captopril", "에날라프릴": "enalapril", "디아제팜": "diazepam",
    "플루옥세틴": "fluoxetine", "세르트랄린": "sertraline", "할로페리돌": "haloperidol", "클로자핀": "clozapine",
    "올란자핀": "olanzapine", "카르바마제핀": "carbamazepine", "페니토인": "phenytoin", "페니실린": "penicillin g",
    "아목시실린": "amoxicillin", "시프로플록사신": "ciprofloxacin", "레보플록사신": "levofloxacin",
    "에리트로마이신": "erythromycin", "테트라사이클린": "tetracycline", "플루코나졸": "fluconazole",
    "아시클로버": "acyclovir", "오셀타미비르": "oseltamivir", "타목시펜": "tamoxifen",
    "메토트렉세이트": "methotrexate", "독소루비신": "doxorubicin", "파클리탁셀": "paclitaxel",
    "실데나필": "sildenafil", "타다라필": "tadalafil", "테오필린": "theophylline", "모르핀": "morphine",
    "코데인": "codeine", "니코틴": "nicotine", "도파민": "dopamine", "세로토닌": "serotonin",
    "멜라토닌": "melatonin", "퀴닌": "quinine", "클로로퀸": "chloroquine", "아르테미시닌": "artemisinin",
    "리도카인": "lidocaine", "에탄올": "ethanol", "메탄올": "methanol", "아세톤": "acetone", "벤젠": "benzene",
    "톨루엔": "toluene", "페놀": "phenol", "아닐린": "aniline", "물": "water", "클로로폼": "chloroform",
    "아세트산": "acetic acid", "벤조산": "benzoic acid", "살리실산": "salicylic acid", "포도당": "glucose",
    "바닐린": "vanillin", "요소": "urea",
}  # fmt: skip

_SMILES_ONLY = set("()[]=#@/\\+123456789%*")
_AROMATIC = set("bcnosp")


def looks_like_structure(text: str) -> bool:
    """Whether a word is written as a structure (SMILES or InChI) rather than as a name, parsable or not."""
    word = text.strip()
    if word.startswith("InChI="):
        return True
    if not word or any(c.isspace() for c in word) or not word.isascii() or is_cas(word):
        return False
    signs = sum(c in _SMILES_ONLY for c in word)
    # Systematic names have brackets and digits too, but also commas and runs of letters that are no aromatic atoms.
    runs = [run for run in re.findall("[a-z]+", word) if set(run) - _AROMATIC]
    if "," in word or max((len(run) for run in runs), default=0) > 2:
        return False
    return signs > 0 or (word.isupper() and set(word) <= set("CNOSPFIBH"))


def is_cas(text: str) -> bool:
    """Whether a word has the form of a CAS registry number."""
    return re.fullmatch(r"\d{2,7}-\d{2}-\d", text.strip()) is not None


def find_name(name: str) -> Reference | None:
    """Look a name up in the reference sets that are installed.

    Args:
        name: A trivial, trade or systematic name, a CAS number, or the Korean name of a common drug.

    Returns:
        The molecule with the set that knows it: drug sets first, then the ``chemicals`` package. ``None`` if no set
        does.
    """
    wanted = " ".join(name.strip().split())
    wanted = _KOREAN.get(wanted.replace(" ", ""), wanted)
    drug = drugs_by_name().get(wanted.lower())
    return drug if drug is not None else chemical_by_name(wanted)


def resolve(text: str) -> tuple[Structure, str, str] | None:
    """Read a structure, or look a name up.

    Args:
        text: SMILES, InChI, a name, or a CAS number.

    Returns:
        The structure, its name (empty for a structure that was given as one) and the source; ``None`` for a name that
        no reference set knows.

    Raises:
        RepairableToolError: The text is a structure that cannot be read, or a name whose structure is not handled.
    """
    if not text.strip():
        raise RepairableToolError("molecule: the text is empty.", remedy="Give a name, a SMILES or an InChI.")
    if looks_like_structure(text):
        return read_structure(text, argument="molecule"), "", "goal"
    reference = find_name(text)
    if reference is not None:
        return read_structure(reference.smiles, argument=f"molecule '{text}'"), reference.name, reference.source
    try:
        return read_structure(text, argument="molecule"), "", "goal"
    except RepairableToolError:
        return None
