"""The tool that screens a file of molecules."""

from __future__ import annotations

from agent.records import Constraint, Objective, Result
from agent.tools import FilePath, tool
from agent.tools.chunks import in_one_process

CHUNKS = "agent.tools.molecules.library.screening"


@tool("chemistry", engines=("rdkit",), seconds=600, chunks=CHUNKS)
def screen_library(
    path: FilePath,
    constraints: list[Constraint] = [],
    objectives: list[Objective] = [],
    keep: list[str] = [],
    avoid: list[str] = [],
    count: int = 100,
) -> Result:
    """Screen a file of molecules against a specification, and keep the best.

    The file is read in parts that run side by side on every worker of the machine or cluster; a finished part is
    remembered, so that a stopped screen goes on where it was. Within a molecule the cheapest property comes first, and
    the first that fails ends it. Lines that cannot be read are counted and shown with their number; the rest is used.

    Args:
        path: One SMILES a line (a name may follow it), or a CSV or TSV file with a column named smiles.
        constraints: Bounds on quantities that RDKit computes (logP, QED, mass, TPSA, HBD, alerts, SA_score, ...).
        objectives: What ranks the molecules that qualify; without any, the drug-likeness QED does.
        keep: Substructures that a molecule must have, as SMARTS or group names.
        avoid: Substructures that it must not have, as SMARTS or group names.
        count: How many of the best to keep, 1 to 10,000.

    Returns:
        Data: read, qualified, rejected (number by reason), smiles (the best first), unchecked (constrained quantities
        that other tools have to estimate). Candidates with the values that were asked for, QED, logP, mass and TPSA,
        and the label line. Empty when no molecule qualifies.

    Source:
        RDKit, as described for describe_molecules.
    """
    arguments = {
        "path": path,
        "constraints": [one.plain() for one in constraints],
        "objectives": [one.plain() for one in objectives],
        "keep": keep,
        "avoid": avoid,
        "count": count,
    }
    return in_one_process(CHUNKS, arguments)
