"""How quantities of molecules are measured."""

from __future__ import annotations

from agent.reasoning.experiments.methods.method import ASSUMED, Expected, Method, Setting

_SHAKE_STEPS = (
    "Weigh an excess of each solid (about {{excess}} beyond the expected solubility) into vials, and record its form by powder XRD or melting point.",
    "Add {{volume}} of buffer of pH {{pH}}, seal, and shake at {{temperature}} for {{hours}}; check that solid remains and that the pH has not moved by more than {{drift}}.",
    "Centrifuge or filter at {{temperature}}, discard the first portion, and dilute the filtrate so that it lies on the calibration line.",
    "Quantify by HPLC-UV against a calibration of {{levels}} concentrations; report log10 of the molar concentration.",
    "Examine the remaining solid again: a changed form is a different solubility.",
)
_SHAKE_SETTINGS: dict[str, Setting] = {
    "excess": (2, "mg"), "volume": (1, "mL"), "pH": (7.4, "1"), "temperature": (25, "degC"), "hours": (24, "hour"),
    "drift": (0.1, "1"), "levels": (6, "1"),
}  # fmt: skip
# Published values with half a unit either way: what laboratories differ by in the solubility of one compound.
_CAFFEINE_SOLUBILITY = Expected(-1.45, -0.45, "21.6 g/L in water at 25 degC, Merck Index; 0.5 either way")
_SHAKE = {
    "kind": "molecule",
    "measures": "thermodynamic solubility in water",
    "method": "shake flask with HPLC-UV",
    "unit": "log_molar",
    "condition": "thermodynamic solubility in buffer of pH {{pH}} at {{temperature}}, after {{hours}} of shaking with solid left",
    "spread": 0.24,
    "spread_source": "doi:10.5599/admet.698",
    "controls": (
        "positive: a well-soluble reference of known solubility (caffeine)",
        "negative: a poorly soluble reference of known solubility (griseofulvin)",
        "blank: buffer without compound, through every step",
    ),
    "steps": _SHAKE_STEPS,
    "materials": ("phosphate buffer", "glass vials", "filters or centrifuge tubes", "HPLC-UV with a C18 column"),
    "settings": _SHAKE_SETTINGS,
    "expected": {"positive": _CAFFEINE_SOLUBILITY},
    "hazards": ("acetonitrile as HPLC eluent: flammable and harmful",),
    "days": 4.0,
    "cost": 15.0,
}

_OCTANOL_STEPS = (
    "Saturate {{phases}} with each other at {{temperature}} for {{hours}} and part them.",
    "From each stock make a solution of {{assay}} in the aqueous phase, with DMSO at most {{dmso}}.",
    "Add octanol, in one of {{ratios}} volume ratios a block (equal, half, double), shake for {{shake}} and centrifuge until both phases are clear.",
    "Quantify the compound in both phases by HPLC-UV; accept a mass balance of {{balance}} or better.",
)
_OCTANOL_SETTINGS: dict[str, Setting] = {
    "phases": (2, "1"), "temperature": (25, "degC"), "hours": (24, "hour"), "assay": (50, "micromolar"),
    "dmso": (1, "percent"), "ratios": (3, "1"), "shake": (1, "hour"), "balance": (90, "percent"), "pH": (7.4, "1"),
    "neutral": (2, "1"), "working": (500, "microliter"),
}  # fmt: skip
_OCTANOL = {
    "kind": "molecule",
    "method": "octanol shake flask with HPLC-UV",
    "unit": "1",
    "spread": 0.15,
    "spread_source": "OECD Test Guideline 107 (determinations within ±0.3 units taken as two standard deviations)",
    "controls": (
        "positive: a lipophilic reference of known partition coefficient (toluene)",
        "negative: a hydrophilic reference of known partition coefficient (caffeine)",
        "vehicle: DMSO in both phases without compound",
    ),
    "steps": _OCTANOL_STEPS,
    "materials": ("1-octanol", "buffer", "DMSO", "HPLC-UV with a C18 column"),
    "settings": _OCTANOL_SETTINGS,
    # Neither ionises between pH 2 and 10: the ranges hold for logP and for logD.
    "expected": {
        "positive": Expected(2.4, 3.0, "log P 2.7 of toluene, OECD Test Guideline 117; 0.3 either way"),
        "negative": Expected(
            -0.37, 0.23, "log P -0.07 of caffeine, Hansch, Leo, Hoekman, Exploring QSAR (1995); 0.3 either way"
        ),
    },
    "days": 2.0,
    "cost": 12.0,
    "stock": True,
}

_PLATE_STEPS = (
    "From each stock prepare {{assay}} in assay buffer with {{dmso}} DMSO in every well.",
    "Run the assay in randomised blocks, one replicate of every sample and control a block.",
    "Read the signal, correct for the vehicle, and accept a plate with a Z' factor of at least {{zprime}}.",
)
_PLATE_SETTINGS: dict[str, Setting] = {
    "assay": (10, "micromolar"), "dmso": (0.5, "percent"), "zprime": (0.5, "1"), "temperature": (37, "degC"), "pH": (7.4, "1"),
}  # fmt: skip


def _plate(
    quantity: str, measures: str, method: str, positive: str, negative: str, unit: str = "percent", spread: float = 10.0
) -> Method:
    """A plate assay on a cell line or an enzyme, whose result bears on an estimated probability."""
    return Method(
        quantity=quantity, kind="molecule", measures=measures, method=method, unit=unit,
        condition=f"{measures} at {{{{assay}}}} and {{{{temperature}}}}", spread=spread, spread_source=ASSUMED,
        controls=(f"positive: {positive}", f"negative: {negative}", "vehicle: DMSO at the concentration of the samples"),
        steps=_PLATE_STEPS, materials=("DMSO", "assay plates", "assay buffer", "plate reader"), settings=_PLATE_SETTINGS,
        direct=False, stock=True, days=5.0, cost=40.0,
    )  # fmt: skip


METHODS: tuple[Method, ...] = (
    Method(quantity="logS_ESOL", **_SHAKE),
    Method(quantity="solubility_AqSolDB", **_SHAKE),
    Method(
        quantity="logP", measures="octanol-water partition coefficient",
        condition="log10 of the octanol-water partition coefficient of the neutral form at {{temperature}}, {{neutral}} pH units or more from any pKa", **_OCTANOL,
    ),
    Method(
        quantity="logD", measures="octanol-buffer distribution coefficient",
        condition="log10 of the octanol-buffer distribution coefficient at pH {{pH}} and {{temperature}}", **_OCTANOL,
    ),
    Method(
        quantity="Caco2", kind="molecule", measures="apparent permeability through Caco-2 monolayers",
        method="Caco-2 monolayer transport with LC-MS", unit="1",
        condition="log10 of the apparent permeability in cm/s, apical to basolateral, {{assay}}, pH {{pH}}, {{temperature}}",
        spread=0.2, spread_source=ASSUMED,
        controls=("positive: propranolol (high permeability)", "negative: atenolol (low permeability)", "vehicle: DMSO at the concentration of the samples"),
        steps=(
            "Grow Caco-2 monolayers for {{weeks}} and accept a transepithelial resistance of at least {{teer}} ohm cm².",
            "Dose the apical side with {{assay}} from the stock, with DMSO at most {{dmso}}, and sample the basolateral side over {{hours}}.",
            "Quantify by LC-MS and accept a recovery of at least {{recovery}}.",
        ),
        materials=("Caco-2 cells", "permeable supports", "transport buffer", "DMSO", "LC-MS"),
        settings={"weeks": (3, "week"), "teer": (300, "1"), "assay": (10, "micromolar"), "dmso": (0.5, "percent"), "hours": (2, "hour"), "recovery": (80, "percent"), "pH": (7.4, "1"), "temperature": (37, "degC")},
        days=23.0, cost=60.0, stock=True,
    ),
    Method(
        quantity="PPBR", kind="molecule", measures="binding to human plasma proteins", method="rapid equilibrium dialysis with LC-MS", unit="percent",
        condition="bound fraction in human plasma by equilibrium dialysis at {{temperature}}, {{assay}}", spread=3.0, spread_source=ASSUMED,
        controls=("positive: warfarin (strongly bound)", "negative: atenolol (weakly bound)", "vehicle: plasma with DMSO only"),
        steps=(
            "Spike plasma with {{assay}} from the stock, with DMSO at most {{dmso}}.",
            "Dialyse against buffer at {{temperature}} for {{hours}}, quantify both sides by LC-MS, and accept a recovery of at least {{recovery}}.",
        ),
        materials=("human plasma", "dialysis device", "buffer", "DMSO", "LC-MS"),
        settings={"assay": (5, "micromolar"), "dmso": (0.5, "percent"), "temperature": (37, "degC"), "hours": (6, "hour"), "recovery": (70, "percent")},
        hazards=("human plasma: handle as infectious",), days=2.0, cost=25.0, stock=True,
        expected={
            "positive": Expected(93.0, 105.0, "99 % of warfarin is bound, Goodman and Gilman, appendix of pharmacokinetic data; 6 either way"),
            "negative": Expected(-6.0, 11.0, "less than 5 % of atenolol is bound, Goodman and Gilman, same appendix; 6 either way"),
        },
    ),
    Method(
        quantity="docking_score", kind="molecule", measures="binding free energy", method="isothermal titration calorimetry", unit="kcal/mol",
        condition="standard free energy of binding, RT ln Kd with Kd in mol/l, by isothermal titration calorimetry at {{temperature}}, pH {{pH}}",
        spread=0.2, spread_source=ASSUMED, direct=False,  # a score is no free energy, though it is given in its unit
        controls=("positive: a ligand of the receptor with a published dissociation constant", "negative: the receptor's inactive mutant, or a protein that the ligand does not bind", "vehicle: buffer with DMSO into receptor"),
        steps=(
            "Dialyse the receptor into assay buffer of pH {{pH}} and determine its active concentration.",
            "From each stock prepare ligand in the dialysate, with DMSO at most {{dmso}} and matched in the cell.",
            "Titrate at {{temperature}}, subtract the heat of dilution, and fit one site; accept a stoichiometry within {{n_low}} to {{n_high}}.",
            "Where a constant is beyond the calorimeter's range, measure both molecules by displacement of one known ligand.",
        ),
        materials=("purified receptor", "dialysis device", "assay buffer", "DMSO", "isothermal titration calorimeter"),
        settings={"temperature": (25, "degC"), "pH": (7.4, "1"), "dmso": (1, "percent"), "n_low": (0.7, "1"), "n_high": (1.3, "1")},
        days=5.0, cost=80.0, stock=True,
    ),
    _plate("hERG", "inhibition of the hERG current", "automated patch clamp", "dofetilide", "a compound known not to block hERG"),
    _plate("CYP3A4", "inhibition of CYP3A4", "fluorogenic or LC-MS substrate assay in liver microsomes", "ketoconazole", "no inhibitor"),
    _plate("CYP2D6", "inhibition of CYP2D6", "fluorogenic or LC-MS substrate assay in liver microsomes", "quinidine", "no inhibitor"),
    _plate("Pgp", "inhibition of P-glycoprotein", "calcein-AM efflux assay", "verapamil", "no inhibitor"),
    _plate("AMES", "revertant colonies over the vehicle", "Ames test in microplates (OECD Test Guideline 471)", "the strain's standard mutagen", "sterile water"),
    _plate("DILI", "loss of viability of hepatocytes", "spheroids of human hepatocytes", "chlorpromazine", "a drug without reported liver injury"),
    _plate("BBB", "permeability in PAMPA with brain lipid", "PAMPA-BBB with LC-MS", "verapamil", "theophylline", unit="1", spread=0.2),
    _plate("HIA", "permeability in PAMPA", "PAMPA with LC-MS", "propranolol", "atenolol", unit="1", spread=0.2),
    _plate("half_life", "half-life in human hepatocytes", "metabolic stability in hepatocytes with LC-MS", "verapamil", "heat-inactivated hepatocytes", unit="hour", spread=0.5),
    Method(
        quantity="mass", kind="molecule", measures="molecular mass", method="high-resolution mass spectrometry", unit="g/mol",
        condition="monoisotopic mass of the protonated molecule", spread=0.005, spread_source=ASSUMED, direct=False,
        controls=("positive: the calibration mix", "negative: a compound of another mass", "blank: solvent"),
        steps=("Inject each compound with a lock mass and read the isotope pattern.",),
        materials=("LC with high-resolution mass spectrometer",), days=1.0, cost=10.0, stock=True,
    ),
)  # fmt: skip
