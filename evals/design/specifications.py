"""Eight specifications for the suite ``design``: each with several narrow bounds and rules on the structure."""

from __future__ import annotations

from dataclasses import dataclass

Bounds = dict[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Specification:
    """What every molecule has to meet.

    Attributes:
        name: Short name.
        bounds: Low and high of quantities of the vocabulary, in its units; ``None`` is open.
        keep: Required groups.
        avoid: Forbidden groups.
        elements: Allowed elements and limits, as the tool takes them.
        free_of: Alert catalogues.
        like: The molecule that ``similarity`` or ``shape_similarity`` refers to.
    """

    name: str
    bounds: Bounds
    keep: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    free_of: tuple[str, ...] = ("PAINS", "BRENK")
    like: str = ""


SPECIFICATIONS: tuple[Specification, ...] = (
    Specification(
        "brain-penetrant sulfonamide",
        {"logP": (2, 3), "TPSA": (50, 75), "mass": (250, 350), "HBD": (None, 1), "QED": (0.85, None),
         "SA_score": (None, 2.8), "rotatable_bonds": (None, 4)},
        keep=("sulfonamide",),
    ),
    Specification(
        "polar pyrimidine with much sp3",
        {"logP": (1, 2.5), "mass": (340, 430), "TPSA": (70, 95), "Fsp3": (0.45, None), "aromatic_rings": (2, 2),
         "HBD": (1, 2), "QED": (0.7, None)},
        keep=("pyrimidine",),
    ),
    Specification(
        "acid fragment",
        {"heavy_atoms": (12, 18), "logP": (0.5, 1.5), "rings": (2, 3), "Fsp3": (0.4, 0.7), "aromatic_rings": (1, 1),
         "rotatable_bonds": (None, 3), "SA_score": (None, 3.2)},
        keep=("carboxylic acid",),
        elements=("C", "N", "O"),
    ),
    Specification(
        "soluble relative of celecoxib",
        {"similarity": (0.25, 0.5), "logS_ESOL": (-4.2, None), "logP": (1, 2.6), "QED": (0.7, None)},
        keep=("primary sulfonamide", "pyrazole"),
        avoid=("trifluoromethyl",),
        like="Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
    ),
    Specification(
        "morpholine with stereocentres",
        {"stereocentres": (2, 3), "logP": (0.5, 1.5), "TPSA": (55, 80), "mass": (280, 360), "QED": (0.8, None),
         "aromatic_rings": (1, 1)},
        keep=("morpholine", "amide"),
    ),
    Specification(
        "fluorinated amide without sulfur",
        {"logP": (2.5, 3.5), "TPSA": (30, 60), "QED": (0.88, None), "SA_score": (None, 2.6), "mass": (280, 380)},
        keep=("amide",),
        elements=("C", "N", "O", "F=1"),
        free_of=("PAINS", "BRENK", "NIH"),
    ),
    Specification(
        "tetrazole in the place of an acid",
        {"logP": (1.5, 3), "mass": (300, 400), "rotatable_bonds": (None, 5), "rings": (3, 4), "QED": (0.7, None),
         "SA_score": (None, 3)},
        keep=("tetrazole",),
        avoid=("carboxylic acid",),
        elements=("C", "N", "O", "F<=2"),
    ),
    Specification(
        "two acceptors and one donor on a bicycle",
        {"HBD": (1, 1), "HBA": (4, 5), "TPSA": (60, 80), "logP": (1.5, 2.5), "logS_ESOL": (-3.5, None),
         "heavy_atoms": (20, 26), "QED": (0.85, None)},
        keep=("benzimidazole",),
        free_of=("PAINS", "BRENK", "NIH"),
    ),
)  # fmt: skip
"""The eight. Each leaves room for a hundred unlike molecules. Relatives of celecoxib at a similarity of .35 or more do
not: in what was searched, a hundred of them reach an internal diversity of .64 at most.
"""
