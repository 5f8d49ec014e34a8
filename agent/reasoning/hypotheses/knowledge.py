"""What is known beforehand: how good the estimates are, what goes into them, and why quantities move together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelError:
    """The published error of an estimate.

    Attributes:
        value: In the vocabulary's unit of the quantity.
        measure: What kind of error it is.
        model: The model.
        source: Where it is published.
    """

    value: float
    measure: str
    model: str
    source: str


_ADMET = "doi:10.1093/bioinformatics/btae416"

MODEL_ERRORS: dict[str, ModelError] = {
    # Delaney states "within a factor of 5-8": 0.7 to 0.9 log units; the middle is taken.
    "logS_ESOL": ModelError(0.8, "typical error", "ESOL", "doi:10.1021/ci034243x"),
    "logP": ModelError(0.677, "standard deviation", "Crippen logP", "doi:10.1021/ci990307l"),
    # Mean absolute errors on held-out data, as the package's own table of endpoints gives them.
    "solubility_AqSolDB": ModelError(0.69, "mean absolute error", "ADMET-AI", _ADMET),
    "logD": ModelError(0.41, "mean absolute error", "ADMET-AI", _ADMET),
    "Caco2": ModelError(0.31, "mean absolute error", "ADMET-AI", _ADMET),
    "PPBR": ModelError(6.9, "mean absolute error", "ADMET-AI", _ADMET),
    # Of the scores against measured binding, as the authors of the program state it.
    "docking_score": ModelError(2.85, "standard error", "AutoDock Vina", "doi:10.1002/jcc.21334"),
    "formation_energy": ModelError(0.03, "mean absolute error to DFT", "CHGNet", "doi:10.1038/s42256-023-00716-3"),
    "energy_per_atom": ModelError(0.03, "mean absolute error to DFT", "CHGNet", "doi:10.1038/s42256-023-00716-3"),
    "melting_temperature": ModelError(2.0, "mean deviation", "nearest neighbour", "doi:10.1021/bi951907q"),
    "isoelectric_point": ModelError(0.87, "mean error", "pKa set", "doi:10.1186/s13062-016-0159-9"),
}

RELATIVE_TOLERANCE: dict[str, float] = {
    "lattice_a": 0.02,
    "density": 0.06,
    "volume_per_atom": 0.06,
    "bulk_modulus": 0.2,
}
"""Shares within which a relaxed cell counts as confirmed: ±2 % in length, three times that in volume. Choices of ours."""

ESTIMATE_INPUTS: dict[str, frozenset[str]] = {
    "logS_ESOL": frozenset({"logP", "mass", "rotatable_bonds", "aromatic_rings", "heavy_atoms", "rings"}),
    "logP": frozenset({"molar_refractivity"}),
    "melting_temperature": frozenset({"GC", "length"}),
    "density": frozenset({"volume_per_atom", "lattice_a", "mass"}),
    "volume_per_atom": frozenset({"density", "lattice_a"}),
    "lattice_a": frozenset({"volume_per_atom", "density"}),
    "protein_mass": frozenset({"length"}),
    "extinction_coefficient": frozenset({"length", "protein_mass"}),
}
"""Quantities that an estimate is computed from, or shares its inputs with: a trend between them is partly arithmetic."""

FAMILIES: dict[str, str] = {
    "logS_ESOL": "solubility", "solubility_AqSolDB": "solubility",
    "logP": "lipophilicity", "logD": "lipophilicity",
    "Caco2": "permeability", "HIA": "permeability", "BBB": "permeability",
    "PPBR": "binding", "hERG": "hERG", "melting_temperature": "melting", "isoelectric_point": "charge",
    "bulk_modulus": "stiffness", "band_gap": "gap", "formation_energy": "stability", "energy_per_atom": "stability",
    "density": "packing", "volume_per_atom": "packing", "lattice_a": "packing",
}  # fmt: skip
"""What a quantity is a measure of: findings on two measures of one property are one finding."""

SAME_PROPERTY = (("logS_ESOL", "solubility_AqSolDB"),)
"""Two estimates of one measurable property, in one unit."""

USUALLY_BETTER: dict[str, str] = {
    "QED": "maximise", "SA_score": "minimise", "Caco2": "maximise", "hERG": "minimise", "PPBR": "minimise",
    "logS_ESOL": "maximise", "solubility_AqSolDB": "maximise", "formation_energy": "minimise",
}  # fmt: skip
"""Which way is usually wanted when the goal does not say."""

LIABILITIES = ("hERG", "DILI", "AMES", "ClinTox", "CYP3A4", "CYP2D6")
"""Estimated probabilities of something unwanted."""


@dataclass(frozen=True)
class Mechanism:
    """Why an outcome follows a driver: the sign that is expected, and the reason."""

    sign: int
    reason: str


MECHANISMS: dict[tuple[str, str], Mechanism] = {
    ("solubility", "logP"): Mechanism(-1, "a less lipophilic surface costs less free energy to hydrate, so at similar crystal packing more of the compound dissolves"),
    ("solubility", "mass"): Mechanism(-1, "a larger molecule needs a larger cavity in water, and usually binds more strongly in its crystal"),
    ("solubility", "TPSA"): Mechanism(1, "polar surface forms hydrogen bonds with water that repay the cost of leaving the crystal"),
    ("solubility", "HBD"): Mechanism(1, "donors bind water; they also bind neighbours in the crystal, so the gain can be lost to a higher melting point"),
    ("solubility", "HBA"): Mechanism(1, "acceptors bind water without stacking the molecules more tightly"),
    ("solubility", "aromatic_rings"): Mechanism(-1, "flat aromatic rings stack, which stabilises the crystal, and they hydrate poorly"),
    ("solubility", "Fsp3"): Mechanism(1, "saturated, three-dimensional parts disturb stacking and lower the lattice energy"),
    ("solubility", "rotatable_bonds"): Mechanism(1, "flexible molecules lose more entropy on crystallising, which lowers the melting point"),
    ("solubility", "molar_refractivity"): Mechanism(-1, "a polarisable molecule is held more strongly by dispersion forces in its crystal"),
    ("lipophilicity", "TPSA"): Mechanism(-1, "polar atoms prefer water over octanol because they keep their hydrogen bonds there"),
    ("lipophilicity", "HBD"): Mechanism(-1, "each donor has to give up a bond to water on entering the organic phase"),
    ("lipophilicity", "HBA"): Mechanism(-1, "each acceptor loses hydrogen bonds from water on entering the organic phase"),
    ("lipophilicity", "aromatic_rings"): Mechanism(1, "aromatic carbon is nonpolar surface, which water expels"),
    ("lipophilicity", "mass"): Mechanism(1, "more carbon and halogen surface is expelled from water"),
    ("lipophilicity", "Fsp3"): Mechanism(-1, "where saturated carbon carries heteroatoms in place of aromatic carbon, the surface is more polar"),
    ("permeability", "TPSA"): Mechanism(-1, "polar surface has to shed its water before it enters the membrane's core"),
    ("permeability", "HBD"): Mechanism(-1, "every donor's bond to water has to be broken at the membrane"),
    ("permeability", "logP"): Mechanism(1, "a more lipophilic molecule partitions further into the membrane"),
    ("permeability", "mass"): Mechanism(-1, "larger molecules diffuse more slowly through the ordered chains of the membrane"),
    ("binding", "logP"): Mechanism(1, "albumin's binding sites are hydrophobic pockets"),
    ("binding", "TPSA"): Mechanism(-1, "polar surface fits the hydrophobic pockets of albumin badly"),
    ("binding", "aromatic_rings"): Mechanism(1, "aromatic rings fill the hydrophobic pockets of albumin"),
    ("melting", "GC"): Mechanism(1, "G·C pairs have one hydrogen bond more and stack more strongly than A·T pairs"),
    ("melting", "length"): Mechanism(1, "more stacked pairs have to open together before the strands part"),
    ("charge", "GRAVY"): Mechanism(0, "hydropathy and charge are set by different residues, so only a common composition links them"),
    ("stiffness", "density"): Mechanism(1, "atoms packed more densely sit on a steeper part of their repulsion"),
    ("stiffness", "volume_per_atom"): Mechanism(-1, "shorter bonds are stiffer: the bulk modulus falls steeply with the volume per atom"),
    ("stiffness", "lattice_a"): Mechanism(-1, "within one structure type a larger cell means longer, softer bonds"),
    ("stiffness", "electronegativity_spread"): Mechanism(-1, "bonds of more ionic character resist bending and shear less than covalent ones"),
    ("stiffness", "formation_energy"): Mechanism(-1, "compounds that are bound more strongly resist compression more"),
    ("gap", "electronegativity_spread"): Mechanism(1, "a larger difference of electronegativity separates the filled anion states from the empty cation states"),
    ("gap", "volume_per_atom"): Mechanism(-1, "longer bonds overlap less and split bonding from antibonding states less"),
    ("stability", "electronegativity_spread"): Mechanism(-1, "a larger difference of electronegativity transfers more charge, and the ionic attraction lowers the energy"),
    ("stability", "volume_per_atom"): Mechanism(1, "longer bonds are weaker, so less energy is gained on forming the compound"),
    ("packing", "electronegativity_spread"): Mechanism(0, "ionic attraction shortens bonds, and the size of the anions works against it"),
}  # fmt: skip
"""Textbook mechanisms by property and driver (`FAMILIES` gives the property)."""


NO_CAUSES = frozenset({"QED", "SA_score", "similarity", "alerts", "instability_index", "max_force", *LIABILITIES})
"""Scores and comparisons: they summarise a structure and drive nothing."""


def family(quantity: str) -> str:
    """What a quantity is a measure of; itself, if it stands alone."""
    return FAMILIES.get(quantity, quantity)


def mechanism(outcome: str, driver: str) -> Mechanism | None:
    """The textbook mechanism by which a driver moves an outcome, if one is on file."""
    return MECHANISMS.get((family(outcome), driver))
