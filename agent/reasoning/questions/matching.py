"""Matching what was computed with the choices: exactly, unless the question itself leaves room."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.reasoning.questions.reading import numbers, sequences
from agent.tools.sequences.text import reverse_complement

AMINO_ACIDS = {
    "A": ("Ala", "Alanine"), "R": ("Arg", "Arginine"), "N": ("Asn", "Asparagine"), "D": ("Asp", "Aspartic acid"),
    "C": ("Cys", "Cysteine"), "Q": ("Gln", "Glutamine"), "E": ("Glu", "Glutamic acid"), "G": ("Gly", "Glycine"),
    "H": ("His", "Histidine"), "I": ("Ile", "Isoleucine"), "L": ("Leu", "Leucine"), "K": ("Lys", "Lysine"),
    "M": ("Met", "Methionine"), "F": ("Phe", "Phenylalanine"), "P": ("Pro", "Proline"), "S": ("Ser", "Serine"),
    "T": ("Thr", "Threonine"), "W": ("Trp", "Tryptophan"), "Y": ("Tyr", "Tyrosine"), "V": ("Val", "Valine"),
}  # fmt: skip
_SALTS = {"aspartate": "D", "glutamate": "E"}

# A gel tells lengths apart to about this share, and databases place a few enzymes' cuts a base or two apart.
_LENGTH_SHARE = 0.02
_LENGTH_BASES = 5


def same_number(value: float, choices: Sequence[str]) -> list[int]:
    """Choices whose printed number is the value, rounded to the digits that the choice shows."""
    found: list[int] = []
    for index, choice in enumerate(choices):
        printed = re.findall(r"-?\d+(?:\.(\d+))?", choice.replace(",", ""))
        shown = numbers(choice.replace(",", ""))
        if len(shown) == 1 and abs(value - shown[0]) <= 0.5 * 10 ** -len(printed[0]) + 1e-9:
            found.append(index)
    if len(found) > 1:  # exactly between two printed values: halves are rounded up
        found = [max(found, key=lambda index: numbers(choices[index])[0])]
    return found


def same_length(length: int, choices: Sequence[str]) -> list[int]:
    """Choices whose length is the one computed, in bases, or in kilobases to the digits shown."""
    if choices and all(re.search(r"\d\s*kb", choice) for choice in choices):
        return same_number(length / 1000, choices)
    return same_number(length, choices)


def same_residue(letter: str, choices: Sequence[str]) -> list[int]:
    """Choices that name the amino acid: by one letter, three letters or its name."""
    names = {letter.casefold(), *(name.casefold() for name in AMINO_ACIDS.get(letter, ()))}
    names |= {name for name, code in _SALTS.items() if code == letter}
    return [index for index, choice in enumerate(choices) if choice.strip().rstrip(".").casefold() in names]


def same_protein(protein: str, choices: Sequence[str]) -> list[int]:
    """Choices that are the protein, with or without the stop sign."""
    return [index for index, choice in enumerate(choices) if choice.strip().upper().rstrip("*") == protein]


def same_lengths(lengths: Sequence[int], choices: Sequence[str]) -> list[int]:
    """Choices that list the fragment lengths: exactly in any order, else the nearest list of as many fragments.

    A list is near if every length agrees within 2 % and five bases: databases differ by a base or two in where an
    enzyme cuts, and a gel does not resolve it. Two lists equally near are both returned.
    """
    wanted = sorted(lengths)
    listed = [sorted(numbers(choice)) for choice in choices]
    exact = [index for index, values in enumerate(listed) if values == wanted]
    if exact:
        return exact
    distances = {
        index: sum(abs(a - b) for a, b in zip(values, wanted, strict=True))
        for index, values in enumerate(listed)
        if len(values) == len(wanted)
        and all(abs(a - b) <= _LENGTH_BASES + _LENGTH_SHARE * b for a, b in zip(values, wanted, strict=True))
    }
    return [index for index, distance in distances.items() if distance == min(distances.values())]


def same_molecule(sequence: str, choices: Sequence[str], circular: bool) -> list[int]:
    """Choices that are the double-stranded molecule: either strand, and for a circle from any base."""
    from agent.tools.sequences.cloning import canonical_circle

    def key(letters: str) -> str:
        return canonical_circle(letters) if circular else min(letters, reverse_complement(letters))

    wanted = key(sequence)
    return [
        index
        for index, choice in enumerate(choices)
        if any(len(found) == len(sequence) and key(found) == wanted for found in sequences(choice))
    ]
