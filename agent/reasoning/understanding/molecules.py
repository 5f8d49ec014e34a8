"""Molecules that a goal writes out: SMILES and InChI by their shape."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from agent.reasoning.understanding import words

Notation = Literal["smiles", "inchi", "name"]


@dataclass(frozen=True)
class MoleculeMention:
    """A word of the goal that may be a molecule.

    Attributes:
        start: Offset where it starts.
        end: Offset where it ends.
        text: The word.
        notation: What kind of writing it is.
        role: ``seed`` to start from, ``reference`` to compare with.
        certain: Whether the wording leaves no doubt that a molecule is meant (an unknown one is worth a question).
    """

    start: int
    end: int
    text: str
    notation: Notation
    role: Literal["seed", "reference"] = "seed"
    certain: bool = True


_INCHI = re.compile(r"InChI=1S?/[^\s\"'`;]+")
_TOKEN = re.compile(r"[^\s\"'`;]+")
_ATOMS = re.compile(r"(?:Cl|Br|[BCNOPSFI]|[bcnops]|\[[^\[\]\s]{1,20}\]|%\d\d|[0-9]|[=#$:/\\~.()@+*-])+")
_REFERENCE_CUE = re.compile(
    r"(?:similar\s+to|similarity(?:[^.;\n]|\.\d){0,30}\bto|tanimoto(?:[^.;\n]|\.\d){0,40}\bto|compared?\s+(?:to|with)|than|versus"
    r"|vs\.?)\s+(?:the\s+)?$",
    re.I,
)
# Branches with a double bond, and aromatic rings being opened: no word or formula has these.
_SURELY_SMILES = re.compile(r"[A-Za-z\])]\(=[A-Z]|\(=O|[cn]1[cn\[]|C1[CN]C|\[[A-Z][a-z]?@")
_WRITTEN_AS = re.compile(r"(?:smiles|molecule|compound|분자|화합물)\s*(?:is|:|=|of)?\s*[\"'`(]*$", re.IGNORECASE)
# Words in capitals that read as chains of atoms.
_NO_SMILES = frozenset(words.NO_SMILES.split())


def find_written_molecules(text: str) -> tuple[MoleculeMention, ...]:
    """Find SMILES and InChI.

    Args:
        text: Normalised goal text.

    Returns:
        Mentions by shape; whether a SMILES is valid is for the resolver to say.
    """
    found = [
        MoleculeMention(m.start(), m.start() + len(word), word, "inchi", role_before(text, m.start()))
        for m in _INCHI.finditer(text)
        if (word := _balanced(m[0]))
    ]
    for match in _TOKEN.finditer(text):
        start, word = _trimmed(match)
        if any(start < item.end and item.start < start + len(word) for item in found):
            continue
        hinted = bool(_WRITTEN_AS.search(text[max(0, match.start() - 20) : start]))
        if _is_smiles(word, hinted):
            found.append(
                MoleculeMention(start, start + len(word), word, "smiles", role_before(text, start), not word.isalpha())
            )
    return tuple(sorted(found, key=lambda item: item.start))


def _balanced(word: str) -> str:
    """A word without the punctuation of the sentence around it."""
    word = word.rstrip(",.:?!")
    while word.endswith(")") and word.count(")") > word.count("("):
        word = word[:-1].rstrip(",.")
    return word


def _trimmed(match: re.Match[str]) -> tuple[int, str]:
    word, start = match[0], match.start()
    word = re.sub(r"[가-힣]+$", "", word)
    while word.startswith("(") and word.count("(") > word.count(")"):
        word, start = word[1:], start + 1
    word = _balanced(word)
    while re.fullmatch(r"\([^()]*\)", word):
        word, start = word[1:-1], start + 1
    return start, word


def _is_smiles(word: str, hinted: bool) -> bool:
    if len(word) >= 5 and _SURELY_SMILES.search(word) and re.fullmatch(r"[\w()\[\]=#@+%/\\.~*$:-]+", word):
        return True  # even if broken: the reader of SMILES says where
    if not _ATOMS.fullmatch(word) or word.upper() in _NO_SMILES:
        return False
    letters = re.sub(r"\[[^\]]*\]", "C", word)
    atoms = re.findall(r"Cl|Br|[A-Za-z]", letters)
    if len(atoms) < 2 or word.count("(") != word.count(")") or not re.match(r"[A-Za-z\[]", word):
        return False
    bare = re.sub(r"\[[^\]]*\]", "", word)
    closures = Counter(re.findall(r"%\d\d|\d", bare))
    if any(count % 2 for count in closures.values()):
        return hinted
    if word.isalpha():
        return hinted or "CC" in word or (len(word) >= 5 and "C" in word)
    if not re.search(r"[()=#\[\]]", word):
        return bool(closures) or hinted  # "C1CCCCC1", but neither "B-N" nor "Si-C"
    return True


def role_before(text: str, start: int) -> Literal["seed", "reference"]:
    """Whether a molecule at an offset is one to start from, or one to compare with."""
    return "reference" if _REFERENCE_CUE.search(text[:start]) else "seed"
