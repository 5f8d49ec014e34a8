"""Tool that compares a set of sequences."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Literal

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import ok, progress, tool
from agent.tools.sequences import distances, text
from agent.units import counted

MOST = 60
"""Sequences that one call compares."""


@tool("biology", engines=("biopython",))
def pairwise_distances(
    sequences: list[str],
    names: list[str] = [],
    model: Literal["K2P", "JC69", "p", "Poisson"] = "K2P",
    threshold: float = 0.0,
) -> Result:
    """Evolutionary distances between all pairs of a set of sequences, their groups below a threshold, and an NJ tree.

    Args:
        sequences: DNA (or proteins) of one region. Sequences of one length count as aligned; else each pair is
            aligned globally.
        names: Their names; empty for 1, 2, ...
        model: K2P (Kimura), JC69 (Jukes and Cantor) or p (share of differing sites) for DNA; p or Poisson for proteins,
            for which K2P and JC69 become Poisson.
        threshold: Distance (substitutions per site, 0.03 for 3 %) below which sequences form one group; 0 for none.

    Returns:
        ``data``: rows (a, b, distance, differences, columns), matrix, groups (names), newick; the matrix as CSV and the
        tree as artifacts. A distance is None where the pair is too far apart for the model.

    Source:
        Kimura, J. Mol. Evol. 16 (1980) 111; Saitou and Nei, Mol. Biol. Evol. 4 (1987) 406.
    """
    if not 2 <= len(sequences) <= MOST:
        raise RepairableToolError(f"{len(sequences)} sequences are given.", remedy=f"Give 2 to {MOST}.")
    named = [re.sub(r"[\s(),:;\[\]']+", "_", one) for one in names] or [str(n + 1) for n in range(len(sequences))]
    if len(named) != len(sequences) or len(set(named)) != len(named):
        raise RepairableToolError("names are not one for each sequence, each its own.", remedy="Give different names.")
    letters = [re.sub(r"[\s.]", "", one).upper().replace("U", "T") for one in sequences]
    plain = [one.replace("-", "") for one in letters]
    protein = any(text.detect(one) == "protein" for one in plain)
    used = "Poisson" if protein and model in ("K2P", "JC69") else "p" if not protein and model == "Poisson" else model
    aligned = len({len(one) for one in letters}) == 1
    matrix: list[list[float | None]] = [[0.0] * len(letters) for _ in letters]
    rows = []
    pairs = list(combinations(range(len(letters)), 2))
    for number, (i, j) in enumerate(pairs):
        a, b = (letters[i], letters[j]) if aligned else (plain[i], plain[j])
        found = distances.compare(a, b, "protein" if protein else "dna", aligned=aligned)
        matrix[i][j] = matrix[j][i] = value = distances.distance(found, used)
        differing = found.transitions + found.transversions
        row = {"a": named[i], "b": named[j], "distance": value, "differences": differing, "columns": found.columns}
        rows.append(row)
        if number % 50 == 0:
            progress(number / len(pairs), f"{number} of {len(pairs)} pairs")
    known = [row for row in rows if row["distance"] is not None]
    if not known:
        raise RepairableToolError(
            "No pair is near enough for the model.", remedy="Use the model p, or check the input."
        )
    low, high = (find(known, key=lambda row: row["distance"]) for find in (min, max))
    data = {
        "rows": rows,
        "matrix": matrix,
        "names": named,
        "model": used,
        "aligned": aligned,
        "groups": [],
        "newick": "",
    }
    files = [_table(named, matrix)]
    told = (
        f"{counted(len(known), 'pair')} of {len(named)} sequences by {used}: from {low['distance']:.4f} "
        f"({low['a']}, {low['b']}) to {high['distance']:.4f} ({high['a']}, {high['b']}) substitutions per site"
    )
    if threshold > 0:
        found_groups = [[named[i] for i in group] for group in distances.groups(matrix, threshold)]
        data["groups"] = found_groups
        listed = "; ".join(", ".join(group) for group in found_groups)
        told += f". At {100 * threshold:g} % they form {counted(len(found_groups), 'group')}: {listed}"
    full = [[value for value in row if value is not None] for row in matrix]
    if len(named) > 2 and all(len(row) == len(named) for row in full):
        data["newick"] = distances.newick(named, full)
        files.append(ArtifactContent(name="tree.nwk", media_type="text/plain", content=data["newick"], title="NJ tree"))
    warnings = ["The sequences have one length and count as aligned."] if aligned else []
    if len(known) < len(rows):
        warnings.append(f"{counted(len(rows) - len(known), 'pair')} too far apart for {used}: no distance.")
    if threshold > 0:
        warnings.append("A threshold on one marker suggests groups; it does not decide what a species is.")
    return ok(
        told + ".",
        values=(
            Value(name="smallest_distance", value=low["distance"]),
            Value(name="largest_distance", value=high["distance"]),
        ),
        data=data,
        artifacts=files,
        warnings=warnings,
    )


def _table(names: list[str], matrix: list[list[float | None]]) -> ArtifactContent:
    lines = [",".join(["", *names])]
    for name, row in zip(names, matrix, strict=True):
        lines.append(",".join([name, *("" if value is None else f"{value:.6f}" for value in row)]))
    content = "\n".join(lines) + "\n"
    return ArtifactContent(name="distances.csv", media_type="text/csv", content=content, title="Distances")
