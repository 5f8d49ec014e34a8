"""SDF, CIF and FASTA: files of structures, indexed by what they are: names, formulas, properties, lengths.

Each record is a page, so that a citation of page 12 is the file's twelfth record. No chemistry library is needed: the
formula of a molecule follows from its atoms and bonds. Runs in the reading process alone.

Source of the formats: CTfile formats (BIOVIA, 2020) for SDF; S. R. Hall et al., Acta Cryst. A 47, 655 (1991) for CIF.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import plausible_title
from knowledge.records import Metadata, Page, Parsed

_VALENCES = {
    "B": (3,), "C": (4,), "N": (3, 5), "O": (2,), "F": (1,), "Si": (4,), "P": (3, 5), "S": (2, 4, 6), "Cl": (1,),
    "Br": (1,), "I": (1,),
}  # fmt: skip
_CHARGES = {1: 3, 2: 2, 3: 1, 5: -1, 6: -2, 7: -3}  # the old code of a charge in the atom block
_LONGEST = 5000  # letters of a sequence that are kept as text
_FIELD = re.compile(r"^>.*?<([^>]+)>", re.MULTILINE)
_POSITIVE_FIRST = tuple(
    re.findall(
        "[A-Z][a-z]?",
        "FrCsKRbBaRaNaSrLiCaLaTbYbAcCePrPmNdSmEuGdYDyHoErTmLuPuHfThAmCmBkCfEsFmMdNoLrMgZrScNpUTaPaTiMnBeNbAlTlVZnCrCd"
        "InGaFeCoSiCuTcReNiAgSnHgPoGeBiBSbTeMoAsPHRuPdOsIrAtRhPtPbWAuCSeSIBrNClOF",
    )
)
"""The elements by Pauling's electronegativity, as the formulas of inorganic compounds list them."""
_TOLD = {
    "_chemical_formula_sum": "Formula", "_chemical_name_systematic": "Systematic name",
    "_chemical_name_common": "Common name", "_chemical_name_mineral": "Mineral",
    "_chemical_formula_weight": "Formula weight", "_symmetry_space_group_name_h-m": "Space group",
    "_space_group_name_h-m_alt": "Space group", "_space_group_it_number": "Space group number",
    "_symmetry_int_tables_number": "Space group number", "_symmetry_cell_setting": "Crystal system",
    "_space_group_crystal_system": "Crystal system", "_cell_length_a": "a / Å", "_cell_length_b": "b / Å",
    "_cell_length_c": "c / Å", "_cell_angle_alpha": "α / °", "_cell_angle_beta": "β / °", "_cell_angle_gamma": "γ / °",
    "_cell_volume": "Cell volume / Å³", "_cell_formula_units_z": "Z",
    "_exptl_crystal_density_diffrn": "Density / g/cm³",
    "_cell_measurement_temperature": "Temperature / K", "_diffrn_ambient_temperature": "Temperature / K",
    "_cod_database_code": "COD number", "_database_code_icsd": "ICSD number", "_journal_name_full": "Journal",
}  # fmt: skip


def read_sdf(path: Path, limits: ReadingLimits) -> Parsed:
    """Read molecules (SDF or a single MOL file): name, formula and properties of each.

    Raises:
        ReadingError: No molecule can be read in it.
    """
    text, note = _text(path, limits)
    blocks = re.split(r"^\$\$\$\$.*\n?", text, flags=re.MULTILINE)
    pages, bad = [], 0
    for number, block in enumerate((block for block in blocks if block.strip()), 1):
        try:
            pages.append(Page(_molecule(block, number), number))
        except (ValueError, IndexError):
            bad += 1
    if not pages:
        raise ReadingError("No molecule in it can be read.")
    warnings = (note,) if note else ()
    return Parsed(tuple(pages), Metadata(), "sdf", (*warnings, *_left_out(bad, "molecules")))


def _left_out(count: int, what: str) -> tuple[str, ...]:
    return (f"{count} {what} could not be read.",) if count else ()


def _molecule(block: str, number: int) -> str:
    lines = block.split("\n")
    name = lines[0].strip() or f"Molecule {number}"
    sentences = [f"{name}.", f"Molecule with the formula {_formula(lines)}."]
    parts = _FIELD.split(block)[1:]
    for field, rest in zip(parts[::2], parts[1::2], strict=True):
        value = " ".join(rest.partition("\n")[2].split())
        if value and len(value) < 2000:
            sentences.append(f"{field}: {value}.")
    return "\n".join(sentences)


def _formula(lines: list[str]) -> str:
    """The formula in Hill's order, with the hydrogens that the usual valences imply."""
    if "V3000" in lines[3]:
        atoms = [line.split()[3] for line in lines if re.match(r"M  V30 \d+ [A-Z][a-z]? -?\d*\.", line)]
        return f"{hill(Counter(atoms))} (as drawn)"
    atom_count, bond_count = int(lines[3][:3]), int(lines[3][3:6])
    symbols, charges = [], []
    for line in lines[4 : 4 + atom_count]:
        symbols.append(line[31:34].strip())
        charges.append(_CHARGES.get(int(line[36:39].strip() or 0), 0))
    bonds = [0] * atom_count
    certain = True
    for line in lines[4 + atom_count : 4 + atom_count + bond_count]:
        order = int(line[6:9])
        certain &= order in (1, 2, 3)
        for end in (line[:3], line[3:6]):
            bonds[int(end) - 1] += order
    for line in lines:
        if line.startswith("M  CHG"):
            numbers = [int(part) for part in line.split()[3:]]
            for atom, charge in zip(numbers[::2], numbers[1::2], strict=True):
                charges[atom - 1] = charge
    atoms = Counter(symbols)
    if not certain:
        return f"{hill(atoms)} (as drawn)"
    for symbol, charge, used in zip(symbols, charges, bonds, strict=True):
        atoms["H"] += _hydrogens(symbol, charge, used)
    return hill(+atoms)


def _hydrogens(symbol: str, charge: int, used: int) -> int:
    """Hydrogens on an atom: up to the lowest usual valence that its bonds leave room for."""
    if symbol not in _VALENCES:
        return 0
    shift = -abs(charge) if symbol in ("C", "Si") else -charge if symbol == "B" else charge
    return next((usual + shift - used for usual in _VALENCES[symbol] if usual + shift >= used), 0)


def hill(atoms: Counter[str]) -> str:
    """A formula in Hill's order: carbon, hydrogen, then the alphabet.

    Source: E. A. Hill, J. Am. Chem. Soc. 22, 478 (1900).
    """
    first = [symbol for symbol in ("C", "H") if "C" in atoms and symbol in atoms]
    order = [*first, *sorted(symbol for symbol in atoms if symbol not in first)]
    return "".join(f"{symbol}{atoms[symbol] if atoms[symbol] > 1 else ''}" for symbol in order)


def read_fasta(path: Path, limits: ReadingLimits) -> Parsed:
    """Read sequences: name, description, kind, length and, up to 5,000 letters, the sequence itself.

    Raises:
        ReadingError: No sequence is in it, or it is too long.
    """
    text, note = _text(path, limits)
    pages = tuple(
        Page(_sequence(record), number)
        for number, record in enumerate((r for r in re.split(r"^>", text, flags=re.MULTILINE)[1:] if r.strip()), 1)
    )
    if not pages:
        raise ReadingError("No sequence begins in it: there is no line that starts with '>'.")
    return Parsed(pages, Metadata(), "fasta", (note,) if note else ())


def _sequence(record: str) -> str:
    head, _, rest = record.partition("\n")
    name, _, description = head.strip().partition(" ")
    letters = re.sub(r"[^A-Za-z*]", "", rest).upper()
    counts = Counter(letters)
    nucleic = sum(counts[letter] for letter in "ACGTUN")
    if letters and nucleic > 0.9 * len(letters):
        strong = counts["G"] + counts["C"]
        share = strong / max(1, nucleic - counts["N"])
        kind = f"{'RNA' if counts['U'] else 'DNA'} sequence of {len(letters):,} bases, {share:.1%} G and C"
    else:
        kind = f"Protein sequence of {len(letters):,} residues"
    shown = letters if len(letters) <= _LONGEST else f"{letters[:60]} … {letters[-60:]}"
    return f"{name}: {description or 'no description'}.\n{kind}.\n\n{shown}"


def read_cif(path: Path, limits: ReadingLimits) -> Parsed:
    """Read crystal structures: formula, names, symmetry and cell of each data block.

    Raises:
        ReadingError: There is no data block in it.
    """
    text, note = _text(path, limits)
    return replace(cif_document(text), warnings=(note,) if note else ())


def cif_document(text: str) -> Parsed:
    """The text of a CIF as a document; see `read_cif`.

    Raises:
        ReadingError: There is no data block in it.
    """
    pages: list[Page] = []
    metadata = Metadata()
    for number, (name, items) in enumerate(_blocks(text), 1):
        lines = [f"Crystal structure {name}."]
        for tag, label in _TOLD.items():
            value = items.get(tag, ["?"])[0]
            if value not in "?.":
                lines.append(f"{label}: {_as_written(value) if tag == '_chemical_formula_sum' else value}.")
        elements = items.get("_atom_site_type_symbol") or items.get("_atom_site_label") or []
        if elements:
            lines.append(f"{len(elements)} atom sites in the asymmetric unit.")
        pages.append(Page("\n".join(lines), number))
        if number == 1:
            metadata = _cif_metadata(items)
    if not pages:
        raise ReadingError("There is no data block in it: no line begins with 'data_'.")
    return Parsed(tuple(pages), metadata, "cif")


def _as_written(formula: str) -> str:
    """The formula of a CIF, whose elements are in Hill's order ('Fe Li O4 P'), as people write it (LiFePO4)."""
    parts = formula.split()
    symbols = [re.sub(r"[\d.]+$", "", part) for part in parts]
    if "C" in symbols or not all(symbol in _POSITIVE_FIRST for symbol in symbols):
        return "".join(parts)
    return "".join(sorted(parts, key=lambda part: _POSITIVE_FIRST.index(re.sub(r"[\d.]+$", "", part))))


def _cif_metadata(items: dict[str, list[str]]) -> Metadata:
    def first(*tags: str) -> str:
        return next((items[tag][0] for tag in tags if tag in items and items[tag][0] not in ("?", ".")), "")

    year = first("_journal_year", "_citation_year")
    return Metadata(
        title=plausible_title(first("_publ_section_title", "_citation_title")),
        authors=tuple(items.get("_publ_author_name", [])),
        year=int(year) if year.isdigit() else None,
        doi=first("_journal_paper_doi", "_citation_doi").lower(),
        venue=first("_journal_name_full", "_citation_journal_full"),
    )


def _blocks(text: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Data blocks of a CIF with the values of their items; items of a loop have many."""
    name, items = "", {}
    loop: list[str] = []
    filled, tag = 0, ""
    for quoted, token in _tokens(text):
        lowered = token.lower()
        if not quoted and lowered.startswith("data_"):
            if name:
                yield name, items
            name, items, loop, tag = token[5:] or "unnamed", {}, [], ""
        elif not quoted and lowered == "loop_":
            loop, filled, tag = [], 0, "loop"
        elif not quoted and token.startswith("_"):
            if tag == "loop" and not filled:
                loop.append(lowered)
            else:
                loop, tag = [], lowered
        elif loop:
            items.setdefault(loop[filled % len(loop)], []).append(token)
            filled += 1
        elif tag and tag != "loop":
            items[tag] = [token]
            tag = ""
    if name:
        yield name, items


_TOKEN = re.compile(
    r"^;(?P<text>.*?)\n;|(?P<comment>(?:^|(?<=\s))#[^\n]*)|'(?P<single>(?:[^'\n]|'(?=\S))*)'(?=\s|$)"
    r'|"(?P<double>(?:[^"\n]|"(?=\S))*)"(?=\s|$)|(?P<bare>\S+)',
    re.DOTALL | re.MULTILINE,
)


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind and kind != "comment":
            yield kind != "bare", " ".join(match[kind].split())


def _text(path: Path, limits: ReadingLimits) -> tuple[str, str]:
    text, note = decode(path.read_bytes())
    if len(text) > limits.characters:
        raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
    return text, note
