"""How each quantity of the vocabulary is measured: method, conditions, repeatability, controls, steps.

Figures inside the steps are settings, named in braces and sourced to the method; they are usual choices to be adapted,
and repeatabilities without a citation are assumptions that a pilot has to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.records import CandidateKind

Setting = tuple[float, str]


@dataclass(frozen=True)
class Expected:
    """Where a control should read: lower and upper end in the method's unit, and where that comes from."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Method:
    """One way to measure one quantity.

    Attributes:
        quantity: Key of the vocabulary that it tests.
        kind: What it is measured on.
        measures: What is measured, as prose names it.
        method: Name of the method with its instrument.
        unit: Unit of the result.
        condition: Conditions, as a template over the settings.
        spread: Standard deviation of one measurement, in ``unit``.
        spread_source: Where that is published, or ``method:assumed``.
        direct: Whether the result is the estimated quantity itself (else it bears on it, in another unit).
        settings: Values and units that the templates refer to.
        steps: Templates of the procedure, after the samples are at hand.
        controls: Positive, negative and vehicle (or blank) control.
        materials: What is needed.
        hazards: Of the method itself.
        days: Working days for one batch; an estimate.
        cost: Consumables of one sample in US dollars; an assumption.
        stock: Whether samples are prepared as a solution in DMSO.
        expected: By role, where a control should read; a role that is missing has no range that we know of.
    """

    quantity: str
    kind: CandidateKind
    measures: str
    method: str
    unit: str
    condition: str
    spread: float
    spread_source: str
    controls: tuple[str, str, str]
    steps: tuple[str, ...]
    materials: tuple[str, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    hazards: tuple[str, ...] = ()
    days: float = 3.0
    cost: float = 10.0
    direct: bool = True
    stock: bool = False
    expected: Mapping[str, Expected] = field(default_factory=dict)

    def said(self, control: str) -> str:
        """A control with where it should read, or with the word that nobody says so."""
        from agent.units import print_value

        role = control.partition(":")[0]
        if (known := self.expected.get(role)) is not None:
            low, high = (print_value(value, self.unit) for value in (known.low, known.high))
            return f"{control}; should read between {low} and {high} ({known.source})"
        if role in ("positive", "negative"):
            return f"{control}; no range of its value is known here: only its difference to the others is checked"
        return control


ASSUMED = "method:assumed"

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


_XRD_STEPS = (
    "Synthesise each composition by the route that the laboratory has for it, and record precursors, masses and temperatures.",
    "Grind with an internal standard (silicon) and load without texture.",
    "Collect a pattern from {{from}} to {{to}} in 2θ at {{temperature}}.",
    "Index and refine by Rietveld; accept a phase fraction of at least {{purity}} and report the refined value with its standard uncertainty.",
)
_XRD = {
    "kind": "crystal",
    "method": "powder X-ray diffraction with Rietveld refinement",
    "condition": "refined from powder diffraction at {{temperature}}, phase fraction at least {{purity}}",
    "spread_source": ASSUMED,
    "controls": (
        "positive: a well-known compound of the same structure type",
        "negative: the unreacted mixture of the precursors",
        "blank: the empty sample holder with the internal standard",
    ),
    "steps": _XRD_STEPS,
    "materials": ("precursors of known purity", "silicon standard", "powder diffractometer"),
    "settings": {
        "from": (10.0, "degree"),
        "to": (90.0, "degree"),
        "temperature": (25.0, "degC"),
        "purity": (95.0, "percent"),
    },
    "hazards": ("X-rays: interlocked enclosure", "fine powders: work in a fume hood"),
    "days": 5.0,
    "cost": 60.0,
}

_TABLE: tuple[Method, ...] = (
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
    Method(quantity="lattice_a", measures="lattice constant", unit="angstrom", spread=0.005, **_XRD),
    Method(quantity="density", measures="X-ray density", unit="g/cm**3", spread=0.02, **_XRD),
    Method(quantity="volume_per_atom", measures="volume per atom", unit="angstrom**3", spread=0.05, **_XRD),
    Method(
        quantity="band_gap", kind="crystal", measures="optical band gap", method="UV-vis diffuse reflectance (Tauc analysis)", unit="eV",
        condition="optical gap from diffuse reflectance at {{temperature}}", spread=0.05, spread_source=ASSUMED,
        controls=("positive: a semiconductor of known gap (TiO2 anatase)", "negative: the unreacted mixture of the precursors", "blank: the white standard alone"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Measure diffuse reflectance against a white standard at {{temperature}}, convert by Kubelka and Munk, and extrapolate the Tauc plot for direct and for indirect gaps.",
        ),
        materials=("precursors of known purity", "white reflectance standard", "UV-vis-NIR spectrometer with integrating sphere"),
        settings={"temperature": (25, "degC"), "purity": (95, "percent")}, hazards=("fine powders: work in a fume hood",), days=5.0, cost=60.0,
        expected={"positive": Expected(3.0, 3.4, "3.2 eV of anatase, Tang et al., J. Appl. Phys. 75 (1994) 2042; 0.2 either way")},
    ),
    Method(
        quantity="formation_energy", kind="crystal", measures="enthalpy of formation per atom", method="high-temperature oxide-melt or combustion calorimetry", unit="eV/atom",
        condition="standard enthalpy of formation by calorimetry at {{temperature}}", spread=0.02, spread_source=ASSUMED,
        controls=("positive: a compound of known enthalpy of formation", "negative: the mechanical mixture of the end members", "blank: the solvent without sample"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Drop pellets into the calorimeter, calibrate with the heat content of alumina, and close the thermodynamic cycle with the end members.",
        ),
        materials=("precursors of known purity", "calorimeter", "reference compounds"),
        settings={"temperature": (25, "degC"), "purity": (95, "percent")}, hazards=("molten solvent: burns",), days=10.0, cost=150.0,
    ),
    Method(
        quantity="bulk_modulus", kind="crystal", measures="bulk modulus", method="high-pressure powder diffraction in a diamond anvil cell", unit="gigapascal",
        condition="isothermal bulk modulus from the equation of state at {{temperature}}, pressures up to {{pressure}}", spread=5.0, spread_source=ASSUMED,
        controls=("positive: a standard of known equation of state (NaCl or MgO)", "negative: the pressure medium alone", "blank: the empty gasket"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Load with a pressure standard and a hydrostatic medium and collect patterns at {{points}} pressures or more up to {{pressure}}.",
            "Refine the volumes and fit a third-order Birch-Murnaghan equation of state.",
        ),
        materials=("precursors of known purity", "diamond anvil cell", "pressure standard", "synchrotron or laboratory diffractometer"),
        settings={"temperature": (25, "degC"), "pressure": (10, "gigapascal"), "points": (8, "1"), "purity": (95, "percent")},
        hazards=("high pressure and diamonds: eye protection", "X-rays: interlocked enclosure"), days=10.0, cost=300.0,
    ),
    Method(
        quantity="melting_temperature", kind="sequence", measures="melting temperature of the duplex", method="UV melting curve at 260 nm", unit="degC",
        condition="melting temperature of {{strand}} duplex in {{salt}} Na+, pH {{pH}}", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a duplex of published melting temperature", "negative: the single strand alone", "blank: buffer"),
        steps=(
            "Anneal each strand with its complement, {{strand}} of duplex in {{salt}} NaCl and {{phosphate}} phosphate of pH {{pH}}.",
            "Heat from {{low}} to {{high}} at {{rate}} degree a minute and back, recording absorbance at the nucleobases' maximum.",
            "Take the melting temperature from a two-state fit; accept curves whose heating and cooling agree within {{agree}}.",
        ),
        materials=("desalted oligonucleotides", "phosphate buffer with NaCl", "UV spectrometer with a Peltier cell holder"),
        settings={"strand": (1, "micromolar"), "salt": (50, "millimolar"), "phosphate": (10, "millimolar"), "pH": (7.0, "1"), "low": (20, "degC"), "high": (95, "degC"), "rate": (0.5, "1"), "agree": (1, "degC")},
        days=2.0, cost=20.0,
    ),
    Method(
        quantity="isoelectric_point", kind="sequence", measures="isoelectric point", method="capillary isoelectric focusing", unit="1",
        condition="isoelectric point by capillary isoelectric focusing at {{temperature}}", spread=0.1, spread_source=ASSUMED,
        controls=("positive: a set of pI markers", "negative: ampholytes with an unrelated protein", "blank: ampholytes without protein"),
        steps=(
            "Express and purify each protein to at least {{purity}} by SDS-PAGE.",
            "Mix with ampholytes of pH {{low}} to {{high}} and pI markers, focus at {{temperature}}, and read the position against the markers.",
        ),
        materials=("purified proteins", "ampholytes", "pI markers", "capillary electrophoresis instrument"),
        settings={"temperature": (25, "degC"), "purity": (90, "percent"), "low": (3, "1"), "high": (10, "1")}, days=10.0, cost=80.0,
    ),
    Method(
        quantity="protein_mass", kind="sequence", measures="mass of the protein", method="intact mass by ESI-TOF mass spectrometry", unit="g/mol",
        condition="deconvoluted mass of the denatured protein", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a protein standard of known mass", "negative: the host's lysate without the protein", "blank: eluent"),
        steps=("Express and purify each protein to at least {{purity}} by SDS-PAGE.", "Desalt on-line, record the charge envelope and deconvolute it."),
        materials=("purified proteins", "LC with ESI-TOF mass spectrometer"), settings={"purity": (90, "percent")}, days=7.0, cost=50.0,
    ),
    Method(
        quantity="extinction_coefficient", kind="sequence", measures="molar extinction coefficient", method="absorbance at 280 nm with amino-acid analysis", unit="1/molar/cm",
        condition="native protein in buffer of pH {{pH}} at {{temperature}}", spread=1000.0, spread_source=ASSUMED,
        controls=("positive: a protein of known extinction coefficient (BSA)", "negative: a protein without Trp and Tyr", "blank: buffer"),
        steps=("Express and purify each protein to at least {{purity}} by SDS-PAGE.", "Measure the absorbance and determine the amount by amino-acid analysis."),
        materials=("purified proteins", "UV spectrometer", "amino-acid analysis"), settings={"pH": (7.4, "1"), "temperature": (25, "degC"), "purity": (90, "percent")}, days=8.0, cost=90.0,
    ),
    Method(
        quantity="mass", kind="molecule", measures="molecular mass", method="high-resolution mass spectrometry", unit="g/mol",
        condition="monoisotopic mass of the protonated molecule", spread=0.005, spread_source=ASSUMED, direct=False,
        controls=("positive: the calibration mix", "negative: a compound of another mass", "blank: solvent"),
        steps=("Inject each compound with a lock mass and read the isotope pattern.",),
        materials=("LC with high-resolution mass spectrometer",), days=1.0, cost=10.0, stock=True,
    ),
    Method(
        quantity="GC", kind="sequence", measures="base composition", method="Sanger sequencing of both strands", unit="percent",
        condition="consensus of both strands", spread=0.1, spread_source=ASSUMED, direct=False,
        controls=("positive: a plasmid of known sequence", "negative: no template", "blank: primer without template"),
        steps=("Sequence both strands and count bases of the consensus.",), materials=("template", "primers", "sequencer"), days=3.0, cost=15.0,
    ),
    Method(
        quantity="yield_ratio", kind="sequence", measures="ratio of the proteins made", method="expression side by side with densitometry of SDS-PAGE", unit="1",
        condition="soluble protein per cell mass of the one gene over the other, same vector, host, induction at {{temperature}} for {{hours}}", spread=0.3, spread_source=ASSUMED,
        controls=("positive: a gene that expresses well in this host and vector", "negative: the host with the empty vector", "blank: lysis buffer"),
        steps=(
            "Clone each gene between the same sites of one expression vector, sequence it, and transform the host; keep {{clones}} clones of each.",
            "Grow to mid-log phase, induce, and harvest after {{hours}} at {{temperature}}; lyse equal cell mass and separate the soluble part.",
            "Run dilutions of each lysate and of BSA on one SDS-PAGE, and read the band against the standard.",
        ),
        materials=("synthetic genes", "expression vector", "expression host", "inducer", "SDS-PAGE", "BSA standard"),
        settings={"temperature": (30, "degC"), "hours": (4, "hour"), "clones": (3, "1")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="indel_share", kind="sequence", measures="share of edited alleles", method="amplicon sequencing", unit="percent",
        condition="reads with insertions or deletions at the cut, {{hours}} after delivery of the ribonucleoprotein", spread=8.0, spread_source=ASSUMED,
        controls=("positive: a guide of known high activity in this cell type", "negative: a guide without a target", "blank: cells without nuclease"),
        steps=(
            "Order each spacer as a synthetic guide, mix with the nuclease, and deliver to {{cells}} cells or more, each in three deliveries.",
            "After {{hours}} extract the DNA, amplify the target with barcoded primers, and sequence to {{depth}} reads or more.",
            "Count reads with an insertion or deletion at the cut, and subtract what the cells without nuclease show.",
        ),
        materials=("synthetic guide RNAs", "nuclease", "cells", "primers of the target", "sequencer"),
        settings={"hours": (72, "hour"), "cells": (100000, "1"), "depth": (5000, "1")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="remaining_transcript", kind="sequence", measures="transcript that is left", method="RT-qPCR", unit="percent",
        condition="transcript relative to a reference gene and to cells with a non-targeting siRNA, {{hours}} after transfection of {{dose}}", spread=8.0, spread_source=ASSUMED,
        controls=("positive: a published siRNA against this transcript or against GAPDH", "negative: a non-targeting siRNA", "vehicle: transfection reagent alone"),
        steps=(
            "Transfect {{dose}} of each duplex in three wells, with a non-targeting duplex beside it.",
            "After {{hours}} extract RNA, remove DNA, and measure transcript and reference gene by RT-qPCR in triplicate.",
            "Check the protein by blot or fluorescence, and repeat what silences with a second duplex.",
        ),
        materials=("siRNA duplexes", "transfection reagent", "cells", "RT-qPCR kit", "primers"),
        settings={"hours": (48, "hour"), "dose": (10, "nanomolar")}, days=5.0, cost=40.0,
    ),
    Method(
        quantity="unfolding_temperature", kind="sequence", measures="unfolding temperature of the protein", method="differential scanning fluorimetry", unit="degC",
        condition="midpoint of thermal unfolding in buffer of pH {{pH}}, {{rate}} degree a minute", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a protein of published unfolding temperature (lysozyme)", "negative: dye without protein", "blank: buffer"),
        steps=(
            "Express and purify each protein to at least {{purity}} by SDS-PAGE, and bring all into the same buffer of pH {{pH}}.",
            "Heat with a fluorescent dye (or read tryptophan) from {{low}} to {{high}} at {{rate}} degree a minute, four wells of each.",
            "Take the midpoint from a two-state fit, and check that the transition is one step.",
        ),
        materials=("purified proteins", "fluorescent dye", "real-time PCR instrument"),
        settings={"pH": (7.4, "1"), "rate": (1, "1"), "low": (25, "degC"), "high": (95, "degC"), "purity": (90, "percent")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="soluble_share", kind="sequence", measures="share of the protein that stays soluble", method="centrifugation and absorbance at 280 nm", unit="percent",
        condition="share of {{load}} of protein left in solution after {{hours}} at {{temperature}} and pH {{pH}}", spread=5.0, spread_source=ASSUMED,
        controls=("positive: lysozyme or BSA, which stays in solution", "negative: a protein that is known to aggregate under these conditions", "blank: buffer"),
        steps=(
            "Bring each purified protein to {{load}} in the same buffer of pH {{pH}}, filter, and measure its concentration.",
            "Keep for {{hours}} at {{temperature}}, spin down what has aggregated, and measure the supernatant again.",
        ),
        materials=("purified proteins", "buffer", "centrifuge", "UV spectrometer"),
        settings={"load": (5, "g/L"), "hours": (24, "hour"), "temperature": (25, "degC"), "pH": (7.4, "1")}, days=8.0, cost=50.0,
    ),
)  # fmt: skip

METHODS: dict[str, Method] = {method.quantity: method for method in _TABLE}
"""The method for each quantity that can be measured; what only a computer knows (QED, an energy) is not in it."""


def outcome(quantity: str) -> Method | None:
    """The method that measures a quantity as it is estimated, or ``None`` where there is none."""
    method = METHODS.get(quantity)
    return method if method is not None and method.direct else None


def condition_text(method: Method) -> str:
    """The conditions as plain prose, with the settings filled in."""
    return fill(method.condition, method)


def fill(template: str, method: Method) -> str:
    """A template with the method's settings printed into it."""
    from agent.units import print_value

    for name, (value, unit) in method.settings.items():
        template = template.replace("{{" + name + "}}", print_value(value, unit))
    return template
