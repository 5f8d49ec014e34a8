"""The reference's own values: computed outside the plan where no step has described what analogues start from."""

from __future__ import annotations

import math
from collections.abc import Mapping

from agent.errors import GedankenError
from agent.reasoning.hypotheses.table import Reference, reference_structures, tabulate
from agent.reasoning.protocol import RunView
from agent.records import Quantity
from agent.vocabulary import by_key

_DESCRIBE, _ESTIMATE = "describe_molecules", "estimate_admet"


async def described_reference(view: RunView) -> Reference | None:
    """The seed of a molecule run with the quantities that its analogues have, so that they can be compared with it.

    Args:
        view: The run.

    Returns:
        The reference, each quantity with the source ``tool:NAME``; ``None`` where the run has none or describes it
        itself, or where the tools cannot.
    """
    table = tabulate(view)
    if table.reference is not None or not table.candidates or table.candidates[0].kind != "molecule":
        return None
    structures = reference_structures(view)
    if not structures:
        return None
    structure, name = next(iter(structures.items()))
    tools = [_DESCRIBE]
    if any(found.tool == _ESTIMATE and found.status == "ok" for found in view.evidence.values()):
        tools.append(_ESTIMATE)
    quantities: dict[str, Quantity] = {}
    for tool in tools:
        try:
            result = await view.context.call(tool, {"smiles": [structure]})
        except GedankenError:
            continue
        rows = result.data.get("rows") if result.status == "ok" else None
        for key, value in (rows[0] if rows and isinstance(rows[0], Mapping) else {}).items():
            known = by_key().get(key)
            if known and key in table.columns and isinstance(value, int | float) and math.isfinite(value):
                made = Quantity(name=key, value=float(value), unit=known.unit, source=f"tool:{tool}")
                quantities.setdefault(key, made)
    return Reference(name, "", structure, quantities) if quantities else None
