"""Tools about parts of a protein that are added or cut off: tags and signal peptides."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import peptides, text
from agent.tools.sequences.common import as_values
from agent.tools.sequences.properties import describe_protein

_VALUES = ("length", "protein_mass", "isoelectric_point", "GRAVY", "instability_index", "extinction_coefficient")
LIKELY, POSSIBLE = 4.0, 3.3
"""Scores of the signal-peptide rule."""


@tool("biology", engines=("biopython",))
def find_signal_peptides(proteins: list[str], names: list[str] = []) -> Result:
    """Signal peptides of precursors by rule (hydrophobic core, -3/-1 residues), and the mature proteins.

    Args:
        proteins: Proteins in one-letter code, from their first methionine.
        names: Their names; empty for 1, 2, ...

    Returns:
        Mature proteins as candidates with mass and pI; ``data.rows``: name, verdict (likely, possible, none), cut_after
        (residue, from 1), signal, score, mature. A rule, no trained model: of 16 well-known precursors it places the
        cut of 12 exactly and of the others within 3 residues; membrane anchors look like signals to it.

    Source:
        The three regions and the -3, -1 rule: von Heijne, Nucleic Acids Res. 14 (1986) 4683; hydropathy: Kyte and
        Doolittle, J. Mol. Biol. 157 (1982) 105.
    """
    if not proteins:
        raise RepairableToolError("proteins is empty.", remedy="Give at least one protein.")
    named = names if len(names) == len(proteins) else [f"protein {n}" for n in range(1, len(proteins) + 1)]
    rows, drafts, told = [], [], []
    for name, given in zip(named, proteins, strict=True):
        letters = text.protein(given, name)
        found = peptides.signal_peptide(letters)
        verdict = (
            "none" if found is None or found.score < POSSIBLE else "likely" if found.score >= LIKELY else "possible"
        )
        row = {"name": name, "verdict": verdict, "cut_after": 0, "signal": "", "score": found.score if found else 0.0}
        if found is not None and verdict != "none":
            mature = letters[found.cut_after :]
            row |= {"cut_after": found.cut_after, "signal": letters[: found.cut_after], "mature": mature}
            described = describe_protein(mature)
            told.append(
                f"{name}: {verdict}, cut after residue {found.cut_after} ({row['signal'][-3:]}|{mature[:3]}), mature "
                f"protein of {len(mature)} residues and {described['protein_mass']:.0f} g/mol"
            )
            drafts.append(
                CandidateDraft(
                    kind="sequence", structure=mature, name=f"{name}, mature", values=as_values(described, _VALUES),
                    labels={"type": "protein", "signal": verdict},
                )
            )  # fmt: skip
        rows.append(row)
    none = [row["name"] for row in rows if row["verdict"] == "none"]
    warnings = ["By the shape of the first residues alone; SignalP decides better, and membrane anchors look the same."]
    if not drafts:
        return empty(f"No signal peptide by the rule in {', '.join(none)}.", data={"rows": rows}, warnings=warnings)
    return ok(
        f"{'; '.join(told)}." + (f" None in {', '.join(none)}." if none else ""),
        values=(Value(name="signal_peptides", value=len(drafts)),),
        data={"rows": rows},
        candidates=drafts,
        warnings=warnings,
    )


@tool("biology", engines=("biopython",))
def tag_protein(
    protein: str,
    n_terminal: list[str] = [],
    c_terminal: list[str] = [],
    name: str = "protein",
) -> Result:
    """Add tags, linkers and protease sites to a protein, and say what they change; the cleaved protein too.

    Args:
        protein: The protein in one-letter code.
        n_terminal: What stands before it, in order (His6, TEV, GGGGS, FLAG, ... or residues); a start methionine is
            put first.
        c_terminal: What stands behind it, in order.
        name: What to call it.

    Returns:
        Untagged, tagged and (with a protease site) cleaved protein as candidates with mass, pI, GRAVY, instability and
        extinction; ``data``: tagged, cleaved, and rows of what changes.

    Source:
        Sequences of the tags as their makers publish them; sites are cut as usual: TEV ENLYFQ|G, 3C LEVLFQ|GP, thrombin
        LVPR|GS, enterokinase DDDDK|, factor Xa IEGR|.
    """
    letters = text.protein(protein, "protein")
    if not n_terminal and not c_terminal:
        raise RepairableToolError("There is no tag.", remedy="Name one, such as His6, and the end that it is at.")
    before, after = _parts(n_terminal), _parts(c_terminal)
    front = "".join(residues for _, residues in before)
    body = letters[1:] if front and letters.startswith("M") and len(letters) > 1 else letters
    start = "M" if front and not front.startswith("M") else ""
    tagged = start + front + body + "".join(residues for _, residues in after)
    cleaved = _cleaved(before, body, after)
    forms = [
        ("untagged", letters),
        ("tagged", tagged),
        *([("cleaved", cleaved)] if cleaved != tagged and cleaved else []),
    ]
    rows = [{"form": form, "sequence": sequence, **describe_protein(sequence)} for form, sequence in forms]
    plain, with_tag = rows[0], rows[1]
    listed = (
        "-".join([*(n_terminal or ["(nothing)"]), name, *c_terminal]) if n_terminal else "-".join([name, *c_terminal])
    )
    heavier = with_tag["protein_mass"] - plain["protein_mass"]
    told = (
        f"{listed}: {plain['length']} to {with_tag['length']} residues, mass {plain['protein_mass']:.0f} to "
        f"{with_tag['protein_mass']:.0f} g/mol (+{heavier:.0f}), isoelectric point "
        f"{plain['isoelectric_point']:.2f} to {with_tag['isoelectric_point']:.2f}"
    )
    if len(rows) > 2:
        told += f"; cleaved {rows[2]['protein_mass']:.0f} g/mol and {rows[2]['isoelectric_point']:.2f}"
    return ok(
        told + ".",
        values=(
            Value(name="protein_mass", value=with_tag["protein_mass"], unit="g/mol"),
            Value(name="isoelectric_point", value=with_tag["isoelectric_point"]),
        ),
        data={"tagged": tagged, "cleaved": cleaved, "rows": rows},
        candidates=tuple(
            CandidateDraft(
                kind="sequence", structure=row["sequence"], name=f"{name}, {row['form']}",
                values=as_values(row, _VALUES), labels={"type": "protein"},
            )
            for row in rows
        ),
    )  # fmt: skip


def _parts(names: list[str]) -> list[tuple[str, str]]:
    found = []
    for one in names:
        try:
            found.append(peptides.tag(one))
        except KeyError:
            raise RepairableToolError(
                f"'{one}' is no tag that is known here.",
                remedy=f"There are {', '.join(peptides.TAGS)}, or give residues.",
            ) from None
    return found


def _cleaved(before: list[tuple[str, str]], body: str, after: list[tuple[str, str]]) -> str:
    """What is left of the protein when every protease site beside it is cut; empty where there is none."""
    left, right, cut = "", "", False
    for name, residues in reversed(before):
        if name in peptides.CUT_AFTER:
            left, cut = residues[peptides.CUT_AFTER[name] :] + left, True
            break
        left = residues + left
    for name, residues in after:
        if name in peptides.CUT_AFTER:
            right, cut = right + residues[: peptides.CUT_AFTER[name]], True
            break
        right += residues
    return left + body + right if cut else ""
