"""The names of quantities: one word for one thing, from the goal's words to the columns of ``candidates.csv``.

Each quantity has a key (also its column name), the unit that tools report it in, the words people use for it, and
which way is usually better. The clause parser links numbers to these words; tools name their values by these keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Domain = Literal["chemistry", "materials", "biology"]


@dataclass(frozen=True)
class QuantityName:
    """One quantity of the vocabulary.

    Attributes:
        key: The name in records and columns.
        title: The name that a reader sees.
        unit: The unit in which tools report it (`agent.units`).
        domain: The field it belongs to.
        words: What people call it in goals, English and Korean, lower case.
        integer: Whether it is a count.
        bounds: The values it can take at all; a constraint outside says so.
        engine: The tool group that computes it (``rdkit``, ``shape``, ``measured``, ``vina``, ``admet``, ``pymatgen``, ``chgnet``,
            ``sequence``).
    """

    key: str
    title: str
    unit: str
    domain: Domain
    words: tuple[str, ...] = ()
    integer: bool = False
    bounds: tuple[float | None, float | None] = (None, None)
    engine: str = field(default="rdkit")

    @property
    def column(self) -> str:
        """The header in ``candidates.csv``: the key, with the unit in words where there is one."""
        from agent.units import DIMENSIONLESS

        if self.unit == DIMENSIONLESS:
            return self.key
        return f"{self.key}_{unit_in_words(self.unit)}"


def unit_in_words(unit: str) -> str:
    """A unit as a part of a column name: ``g/mol`` becomes ``g_per_mol``."""
    words = unit.replace("**", "").replace("/", "_per_").replace("*", "_")
    return "".join(c if c.isalnum() or c == "_" else "_" for c in words).strip("_")


_Q = QuantityName

QUANTITIES: tuple[QuantityName, ...] = (
    # --- molecules, computed by RDKit ---------------------------------------------------------------------------
    _Q("logP", "logP (Crippen)", "1", "chemistry",
       ("logp", "clogp", "alogp", "log p", "crippen logp", "lipophilicity", "partition coefficient", "octanol-water partition coefficient", "지용성", "친유성", "분배계수")),
    _Q("QED", "QED", "1", "chemistry",
       ("qed", "drug-likeness", "drug likeness", "druglikeness", "quantitative estimate of drug-likeness", "약물유사성", "약물 유사성"), bounds=(0, 1)),
    _Q("mass", "molecular weight", "g/mol", "chemistry",
       ("mw", "mwt", "mol wt", "molwt", "mol. weight", "mol. wt", "molecular weight", "molecular mass", "molar mass", "mass", "weight", "분자량"), bounds=(0, None)),
    _Q("TPSA", "topological polar surface area", "angstrom**2", "chemistry",
       ("tpsa", "psa", "polar surface area", "topological polar surface area", "polar surface", "극성 표면적", "극성표면적"), bounds=(0, None)),
    _Q("HBD", "hydrogen-bond donors", "1", "chemistry",
       ("hbd", "h-bond donors", "h-bond donor", "hydrogen bond donors", "hydrogen bond donor", "hydrogen-bond donors", "hb donors", "donors", "donor", "수소결합 주개", "수소 결합 주개", "주개"), True, (0, None)),
    _Q("HBA", "hydrogen-bond acceptors", "1", "chemistry",
       ("hba", "h-bond acceptors", "h-bond acceptor", "hydrogen bond acceptors", "hydrogen bond acceptor", "hydrogen-bond acceptors", "hb acceptors", "acceptors", "acceptor", "수소결합 받개", "수소 결합 받개", "받개"), True, (0, None)),
    _Q("rotatable_bonds", "rotatable bonds", "1", "chemistry",
       ("rotatable bonds", "rotatable bond", "rotatable bond count", "rot. bonds", "rot. bond", "rot bonds", "rot bond", "rotors", "rotb", "nrotb", "회전 가능 결합", "회전가능 결합"), True, (0, None)),
    _Q("rings", "rings", "1", "chemistry", ("rings", "ring count", "number of rings", "고리 수", "고리"), True, (0, None)),
    _Q("aromatic_rings", "aromatic rings", "1", "chemistry",
       ("aromatic rings", "aromatic ring", "aromatic ring count", "방향족 고리"), True, (0, None)),
    _Q("heavy_atoms", "heavy atoms", "1", "chemistry",
       ("heavy atoms", "heavy atom", "heavy atom count", "non-hydrogen atoms", "hac"), True, (0, None)),
    _Q("aliphatic_rings", "aliphatic rings", "1", "chemistry",
       ("aliphatic rings", "aliphatic ring", "aliphatic ring count", "non-aromatic rings", "비방향족 고리", "지방족 고리"), True, (0, None)),
    _Q("heterocycles", "heterocycles", "1", "chemistry",
       ("heterocycles", "heterocyclic rings", "number of heterocycles", "헤테로고리"), True, (0, None)),
    _Q("heteroatoms", "heteroatoms", "1", "chemistry",
       ("heteroatoms", "heteroatom count", "hetero atoms", "헤테로원자"), True, (0, None)),
    _Q("amide_bonds", "amide bonds", "1", "chemistry",
       ("amide bonds", "amide bond count", "아마이드 결합"), True, (0, None)),
    _Q("stereocentres", "stereocentres", "1", "chemistry",
       ("stereocentres", "stereocenters", "stereo centers", "chiral centres", "chiral centers", "stereogenic centers"), True, (0, None)),
    _Q("Fsp3", "fraction of sp3 carbons", "1", "chemistry",
       ("fsp3", "fraction sp3", "fraction csp3", "sp3 fraction", "fraction of sp3 carbons", "sp3 carbons"), bounds=(0, 1)),
    _Q("molar_refractivity", "molar refractivity", "1", "chemistry", ("molar refractivity", "mr"), bounds=(0, None)),
    _Q("labute_area", "approximate surface area (Labute)", "angstrom**2", "chemistry",
       ("labute area", "labute asa", "approximate surface area"), bounds=(0, None)),
    _Q("SA_score", "synthetic accessibility score", "1", "chemistry",
       ("sa score", "sascore", "synthetic accessibility", "synthetic accessibility score", "synthesizability", "합성 용이성", "합성용이성"), bounds=(1, 10)),
    _Q("formal_charge", "formal charge", "1", "chemistry", ("formal charge", "net charge", "charge"), True),
    _Q("similarity", "Tanimoto similarity to the seed", "1", "chemistry",
       ("similarity", "tanimoto", "tanimoto similarity", "유사도"), bounds=(0, 1)),
    _Q("alerts", "structural alerts", "1", "chemistry",
       ("alerts", "structural alerts", "pains alerts", "pains"), True, (0, None)),
    _Q("logS_ESOL", "aqueous solubility (ESOL)", "log_molar", "chemistry",
       ("esol", "logs", "log s", "aqueous solubility", "solubility", "water solubility", "수용해도", "용해도")),
    _Q("nearest_drug_similarity", "Tanimoto similarity to the nearest drug", "1", "chemistry", bounds=(0, 1), engine="reference"),
    _Q("shape_similarity", "shape and pharmacophore likeness (USRCAT)", "1", "chemistry",
       ("shape similarity", "shape likeness", "3d similarity"), bounds=(0, 1), engine="shape"),
    _Q("docking_score", "docking score (AutoDock Vina)", "kcal/mol", "chemistry",
       ("docking score", "docking scores", "vina score", "docking energy", "predicted binding energy", "predicted binding affinity", "predicted affinity", "binding affinity", "binding energy", "binding free energy", "affinity", "도킹 점수", "결합 친화도", "결합 에너지", "친화도"), engine="vina"),
    _Q("predicted", "value predicted by the model of the user's measurements", "1", "chemistry",
       ("predicted value", "predicted activity", "measured activity"), engine="measured"),
    # --- molecules, estimated by the pretrained ADMET models ------------------------------------------------------
    _Q("solubility_AqSolDB", "aqueous solubility (ADMET-AI)", "log_molar", "chemistry",
       ("aqsoldb solubility", "admet solubility"), engine="admet"),
    _Q("hERG", "probability of hERG blocking", "1", "chemistry",
       ("herg", "herg blocking", "herg inhibition", "herg risk", "herg liability", "cardiotoxicity", "심장독성"), bounds=(0, 1), engine="admet"),
    _Q("BBB", "probability of crossing the blood-brain barrier", "1", "chemistry",
       ("bbb", "blood-brain barrier", "bbb permeability", "bbb permeation", "bbb penetration", "brain permeation", "brain penetration", "cns penetration", "혈뇌장벽"), bounds=(0, 1), engine="admet"),
    _Q("AMES", "probability of Ames mutagenicity", "1", "chemistry",
       ("ames", "ames mutagenicity", "mutagenicity", "변이원성"), bounds=(0, 1), engine="admet"),
    _Q("DILI", "probability of drug-induced liver injury", "1", "chemistry",
       ("dili", "liver injury", "hepatotoxicity", "liver toxicity", "간독성"), bounds=(0, 1), engine="admet"),
    _Q("ClinTox", "probability of clinical toxicity", "1", "chemistry",
       ("clintox", "clinical toxicity", "toxicity", "독성"), bounds=(0, 1), engine="admet"),
    _Q("HIA", "probability of human intestinal absorption", "1", "chemistry",
       ("hia", "intestinal absorption", "human intestinal absorption", "oral absorption"), bounds=(0, 1), engine="admet"),
    _Q("bioavailability", "probability of oral bioavailability", "1", "chemistry",
       ("oral bioavailability", "bioavailability"), bounds=(0, 1), engine="admet"),
    _Q("CYP3A4", "probability of CYP3A4 inhibition", "1", "chemistry",
       ("cyp3a4", "cyp3a4 inhibition", "cyp3a4 liability", "cyp 3a4"), bounds=(0, 1), engine="admet"),
    _Q("CYP2D6", "probability of CYP2D6 inhibition", "1", "chemistry",
       ("cyp2d6", "cyp2d6 inhibition", "cyp2d6 liability", "cyp 2d6"), bounds=(0, 1), engine="admet"),
    _Q("Pgp", "probability of P-glycoprotein inhibition", "1", "chemistry",
       ("pgp", "p-gp", "p-glycoprotein"), bounds=(0, 1), engine="admet"),
    _Q("Caco2", "Caco-2 permeability (log cm/s)", "1", "chemistry",
       ("caco-2", "caco2", "caco-2 permeability", "permeability", "투과도"), engine="admet"),
    _Q("logD", "logD at pH 7.4 (ADMET-AI)", "1", "chemistry", ("logd", "log d", "logd7.4"), engine="admet"),
    _Q("half_life", "half-life", "hour", "chemistry", ("half-life", "half life", "반감기"), bounds=(0, None), engine="admet"),
    _Q("LD50", "acute toxicity LD50 (log 1/(mol/kg))", "1", "chemistry", ("ld50", "acute toxicity"), engine="admet"),
    _Q("PPBR", "plasma protein binding", "percent", "chemistry",
       ("ppb", "ppbr", "plasma protein binding", "protein binding"), bounds=(0, 100), engine="admet"),
    # --- crystals ---------------------------------------------------------------------------------------------------
    _Q("density", "density", "g/cm**3", "materials", ("density", "밀도"), bounds=(0, None), engine="pymatgen"),
    _Q("volume_per_atom", "volume per atom", "angstrom**3", "materials",
       ("volume per atom", "atomic volume"), bounds=(0, None), engine="pymatgen"),
    _Q("lattice_a", "lattice constant a", "angstrom", "materials",
       ("lattice constant", "lattice parameter", "cell parameter", "lattice constant a", "격자상수", "격자 상수"), bounds=(0, None), engine="pymatgen"),
    _Q("band_gap", "band gap", "eV", "materials",
       ("band gap", "bandgap", "energy gap", "gap", "eg", "밴드갭", "밴드 갭", "띠틈", "띠간격"), bounds=(0, None), engine="pymatgen"),
    _Q("energy_per_atom", "energy per atom (CHGNet)", "eV/atom", "materials",
       ("energy per atom", "total energy"), engine="chgnet"),
    _Q("capacity", "theoretical capacity", "mA*hour/g", "materials",
       ("specific capacity", "theoretical capacity", "gravimetric capacity", "비용량", "이론 용량"), bounds=(0, None), engine="pymatgen"),
    _Q("formation_energy", "formation energy per atom (CHGNet)", "eV/atom", "materials",
       ("formation energy", "enthalpy of formation", "생성 에너지", "생성에너지", "형성 에너지", "형성에너지"), engine="chgnet"),
    _Q("max_force", "largest force", "eV/angstrom", "materials", ("max force", "largest force"), bounds=(0, None), engine="chgnet"),
    _Q("pressure", "pressure", "gigapascal", "materials", ("pressure", "압력"), engine="chgnet"),
    _Q("bulk_modulus", "bulk modulus", "gigapascal", "materials",
       ("bulk modulus", "bulk modulii", "stiffness", "incompressibility", "체적탄성률", "체적 탄성률", "부피탄성률", "체적탄성계수"), bounds=(0, None), engine="chgnet"),
    _Q("electronegativity_spread", "difference of electronegativity (Pauling)", "1", "materials",
       ("electronegativity difference",), bounds=(0, None), engine="pymatgen"),
    # --- sequences --------------------------------------------------------------------------------------------------
    _Q("length", "sequence length", "1", "biology", ("length", "sequence length", "product size", "product length", "amplicon size", "amplicon length", "길이", "산물 크기"), True, (0, None), "sequence"),
    _Q("GC", "GC content", "percent", "biology", ("gc", "gc content", "gc%", "gc percent", "gc fraction", "gc 함량"), bounds=(0, 100), engine="sequence"),
    _Q("melting_temperature", "melting temperature", "degC", "biology",
       ("tm", "melting temperature", "annealing temperature", "녹는 온도"), engine="sequence"),
    _Q("isoelectric_point", "isoelectric point", "1", "biology", ("isoelectric point", "등전점"), bounds=(0, 14), engine="sequence"),
    _Q("protein_mass", "protein molecular weight", "g/mol", "biology", ("protein mass", "protein molecular weight"), bounds=(0, None), engine="sequence"),
    _Q("GRAVY", "grand average of hydropathy", "1", "biology", ("gravy", "hydropathy", "hydrophobicity"), engine="sequence"),
    _Q("instability_index", "instability index", "1", "biology", ("instability index", "instability"), engine="sequence"),
    _Q("extinction_coefficient", "molar extinction coefficient at 280 nm", "1/molar/cm", "biology",
       ("extinction coefficient", "molar extinction coefficient", "extinction coefficient at 280 nm", "흡광 계수", "몰흡광계수"), bounds=(0, None), engine="sequence"),
    _Q("CAI", "codon adaptation index", "1", "biology", ("cai", "codon adaptation index"), bounds=(0, 1), engine="sequence"),
    # What only an experiment on a designed sequence tells.
    _Q("yield_ratio", "ratio of protein yields", "1", "biology", (), bounds=(0, None), engine="measured"),
    _Q("indel_share", "share of edited alleles", "percent", "biology", (), bounds=(0, 100), engine="measured"),
    _Q("remaining_transcript", "transcript that is left", "percent", "biology", (), bounds=(0, None), engine="measured"),
    _Q("unfolding_temperature", "unfolding temperature of the protein", "degC", "biology", (), engine="measured"),
    _Q("soluble_share", "share of the protein that stays soluble", "percent", "biology", (), bounds=(0, 100), engine="measured"),
)  # fmt: skip


@cache
def by_key() -> dict[str, QuantityName]:
    """The vocabulary by key."""
    return {quantity.key: quantity for quantity in QUANTITIES}


def title(key: str) -> str:
    """The name that a reader sees; a key outside the vocabulary is a column's name, with its unit set apart.

    ``cd_mg_kg`` becomes ``cd (mg/kg)`` and ``depth_m`` ``depth (m)``; a last letter that is a unit only of some
    quantities (``delta_g``) stays as it is.
    """
    known = by_key().get(key)
    return known.title if known else _column_title(key)


_PRINTED = {
    "pct": "%", "percent": "%", "wt%": "wt%", "wtpct": "wt%", "permil": "‰", "degc": "°C", "ug": "µg", "um": "µm",
    "umol": "µmol", "ul": "µL", "us": "µS", "ml": "mL", "l": "L", "mv": "mV", "ev": "eV", "mev": "meV", "pa": "Pa",
    "kpa": "kPa", "mpa": "MPa", "gpa": "GPa", "kj": "kJ", "kw": "kW", "ntu": "NTU", "psu": "PSU",
    "cfu": "CFU", "hz": "Hz", "khz": "kHz", "mhz": "MHz", "nm": "nm",
} | {unit: unit for unit in ("ppm", "ppb", "mm", "cm", "km", "kg", "mg", "mmol", "nmol", "kcal", "rpm", "ng")}  # fmt: skip
_BELOW = frozenset(
    ["kg", "g", "mg", "l", "ml", "m2", "m3", "cm2", "cm3", "mol", "ha", "h", "min", "s", "d", "day", "cm"]
)
_ABOVE = frozenset(
    [
        "g",
        "mg",
        "ug",
        "ng",
        "kg",
        "mol",
        "mmol",
        "umol",
        "nmol",
        "us",
        "kj",
        "kcal",
        "kw",
        "cfu",
        "mv",
        "mm",
        "cm",
        "km",
        "um",
        "l",
        "ml",
        "ul",
    ]
)
_SPEEDS = frozenset(
    {("m", "s"), ("m", "h"), ("m", "d"), ("t", "ha"), ("w", "m2"), ("ma", "cm2"), ("ma", "g"), ("v", "m")}
)
_ONLY_OF = {
    "m": "depth|height|elevation|altitude|distance|length|width|thickness", "c": "temp|temperature",
    "k": "temp|temperature", "g": "mass|weight|biomass", "t": "mass|weight", "s": "time|duration|age",
    "h": "time|duration|age", "min": "time|duration|age", "d": "time|duration|age", "v": "voltage|potential",
    "a": "current", "w": "power",
}  # fmt: skip
"""Units of one letter, by the quantities that have them: elsewhere the letter is a name."""

_LETTERS = {"c": "°C", "k": "K", "v": "V", "a": "A", "w": "W", "ma": "mA"}
_PER = {"m2": "m²", "m3": "m³", "cm2": "cm²", "cm3": "cm³"}


def _column_title(key: str) -> str:
    words = [word for word in key.replace("_", " ").split(" ") if word]
    last = [word.lower() for word in words[-2:]]
    if len(words) > 2 and ((last[0] in _ABOVE and last[1] in _BELOW and last[0] != last[1]) or tuple(last) in _SPEEDS):
        unit = f"{_PRINTED.get(last[0], _LETTERS.get(last[0], last[0]))}/{_PER.get(last[1], _PRINTED.get(last[1], last[1]))}"
        return f"{' '.join(words[:-2])} ({unit})"
    if len(words) > 1 and last[-1] in _PRINTED:
        return f"{' '.join(words[:-1])} ({_PRINTED[last[-1]]})"
    if len(words) > 1 and last[-1] in _ONLY_OF and words[-2].lower() in _ONLY_OF[last[-1]].split("|"):
        return f"{' '.join(words[:-1])} ({_LETTERS.get(last[-1], last[-1])})"
    return " ".join(words) if "_" in key else key


def column(key: str, unit: str = "1") -> str:
    """The column header of a quantity, with its unit in words."""
    known = by_key().get(key)
    if known and known.unit == unit:
        return known.column
    return key if unit == "1" else f"{key}_{unit_in_words(unit)}"
