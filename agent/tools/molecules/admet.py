"""The tool that estimates absorption, distribution, metabolism, excretion and toxicity."""

from __future__ import annotations

from collections import Counter

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.units import counted

WARM = "agent.tools.molecules.admet_model:load"


@tool("chemistry", engines=("admet-ai", "rdkit"), cost="heavy", seconds=300, warm=WARM, gpu=True)
def estimate_admet(smiles: list[str], endpoints: list[str] = []) -> Result:
    """Estimate absorption, distribution, metabolism and toxicity by pretrained neural networks.

    Classifier outputs (hERG, BBB, AMES, DILI, ClinTox, HIA, bioavailability, CYP3A4, CYP2D6, Pgp) are probabilities
    that the molecule belongs to the class, not measured effects. Regressions: aqueous solubility (log mol/L), Caco-2
    permeability (log cm/s), logD at pH 7.4, half-life (hours), LD50 (log 1/(mol/kg)), plasma protein binding
    (percent). The uncertainty is the standard deviation among the five networks of each ensemble: how much they
    agree, not their full error. Runs on a GPU where there is one. Nothing is downloaded.

    Args:
        smiles: The molecules as SMILES or InChI; salts are reduced to their parent.
        endpoints: Which quantities, by vocabulary key; none means all of them.

    Returns:
        Data: rows (index in the input, smiles, a number per endpoint; none where the estimate is impossible), smiles
        (of the readable ones), endpoints, device, invalid (index, smiles, error). Candidates with the values.

    Source:
        ADMET-AI: Swanson et al., Bioinformatics 2024, 40, btae416; Chemprop networks trained on the Therapeutics Data
        Commons.
    """
    from agent.tools.molecules.admet_model import ENDPOINTS, WEAK, device, estimate
    from agent.tools.molecules.structures import read_structures, reading_warnings

    keys = list(dict.fromkeys(endpoints)) or list(ENDPOINTS)
    unknown = [key for key in keys if key not in ENDPOINTS]
    if unknown:
        raise RepairableToolError(
            f"endpoints: {', '.join(unknown)} cannot be estimated.", remedy=f"Choose from: {', '.join(ENDPOINTS)}."
        )
    good, bad = read_structures(smiles)
    progress(0.02, "loading the models")
    estimates = estimate(
        [item.mol for _, item in good],
        keys,
        report=lambda done: progress(done / len(good), f"{done} of {len(good)} molecules"),
    )
    rows, drafts, impossible = [], {}, Counter()
    for (index, item), found in zip(good, estimates, strict=True):
        impossible.update(key for key in keys if key not in found)
        rows.append({"index": index, "smiles": item.smiles} | {key: each.value for key, each in found.items()})
        drafts[item.smiles] = CandidateDraft(
            kind="molecule",
            structure=item.smiles,
            values=tuple(
                Value(name=key, value=each.value, unit=ENDPOINTS[key].unit, uncertainty=each.spread)
                for key, each in found.items()
            ),
        )
    left_out = [
        f"{key} was left out for {number} of {len(rows)} molecules: the estimate is a value that it cannot take"
        for key, number in impossible.items()
    ]
    return ok(
        f"{len(keys)} ADMET estimates for each of {counted(len(rows), 'molecule')} ({device()}).",
        values=(Value(name="estimated_molecules", value=len(rows)),),
        data={
            "rows": rows,
            "smiles": [row["smiles"] for row in rows],
            "endpoints": keys,
            "device": device(),
            "invalid": [item.plain() for item in bad],
        },
        candidates=drafts.values(),
        warnings=(*reading_warnings(good, bad), *left_out, *(WEAK[key] for key in keys if key in WEAK)),
    )
