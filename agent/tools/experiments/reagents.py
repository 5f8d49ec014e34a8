"""The tool that looks up what shipped data says of reagents' hazards."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools._declare import tool
from agent.tools._results import empty, ok
from agent.tools.experiments.reagents_core import hazards_of


@tool("experiments", engines=("chemicals",))
def look_up_reagents(reagents: list[str]) -> Result:
    """Look up hazard statements, limits, carcinogen lists, flash points and molar masses of reagents.

    What is not found is listed as missing: absence of data is never a statement of safety.

    Args:
        reagents: Common names (acetonitrile, DMSO) or CAS numbers.

    Returns:
        data {rows: [{name, cas, molar_mass, statements, facts, missing, line}]}.

    Source:
        Regulation (EC) No 1272/2008 (CLP), Annex VI; the data of the package chemicals.
    """
    names = list(dict.fromkeys(name.strip() for name in reagents if name.strip()))
    if not names:
        raise RepairableToolError("reagents: none given", remedy='Give for instance ["acetonitrile"].')
    rows = [hazards_of(name) for name in names]
    known = [row for row in rows if row.cas]
    data = {
        "rows": [
            {
                "name": row.name,
                "cas": row.cas,
                "molar_mass": row.molar_mass,
                "statements": list(row.statements),
                "facts": list(row.facts),
                "missing": list(row.missing),
                "line": row.line,
            }
            for row in rows
        ]
    }
    if not known:
        return empty(f"No data on {', '.join(names)} in the shipped tables; that says nothing of safety.", data=data)
    classified = sum(bool(row.statements) for row in known)
    return ok(
        f"{classified} of {len(rows)} reagents have harmonised hazard statements; {len(rows) - len(known)} unknown.",
        values=[Value(name="known", value=len(known)), Value(name="classified", value=classified)],
        data=data,
        warnings=["What is missing here is no statement of safety: consult the safety data sheets."],
    )
