"""What each method of measurement needs at the bench: vessels, consumption of one sample, waste, and who pipettes.

Amounts are usual ones for a sample, to be adapted to the laboratory's own procedure; the plan says that they are
assumed. Reagents are named as the tool ``look_up_reagents`` knows them, so that their hazards can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.reasoning.experiments.methods import Method

Handling = Literal["assay", "shake", "partition", ""]
"""How liquid is handled: stock, intermediate and assay plate; solids shaken with buffer; two phases; or not at all."""

SPARE = 0.1
"""Part of every reagent that is made in excess, for dead volumes and losses."""


@dataclass(frozen=True)
class Use:
    """What one sample uses of a reagent."""

    reagent: str
    amount: float
    unit: str = "mL"


@dataclass(frozen=True)
class Bench:
    """What a method needs.

    Attributes:
        plate: Whether samples are read on a multi-well plate.
        edge: Whether its outer wells are used: open assay plates lose water there, sealed ones do not.
        uses: Reagents by sample.
        waste: Streams, each with what goes into it.
        handling: Which liquid-handling protocol can be written for it.
        block: What a block is, in words.
    """

    plate: bool
    edge: Literal["avoid", "use"] = "avoid"
    uses: tuple[Use, ...] = ()
    waste: tuple[str, ...] = ()
    handling: Handling = ""
    block: str = "plate or day"


_AQUEOUS = "aqueous waste with test compounds: collect, do not pour into the sink"
_ORGANIC = "halogen-free organic solvent waste (acetonitrile, methanol, DMSO)"
_SOLID = "contaminated plastic and glass (tips, vials, plates): solid chemical waste"
_BIOLOGICAL = "biological waste (cells, plasma, microsomes): inactivate, then as the laboratory's rules say"
_POWDER = "powders with heavy elements: solid inorganic waste, kept apart by element"

_EXACT: dict[str, Bench] = {
    "shake flask with HPLC-UV": Bench(
        plate=True, edge="use", handling="shake", block="day of shaking",
        uses=(Use("phosphate buffer", 1.2), Use("acetonitrile", 12.0), Use("formic acid", 0.02)),
        waste=(_AQUEOUS, _ORGANIC, _SOLID),
    ),
    "octanol shake flask with HPLC-UV": Bench(
        plate=True, edge="use", handling="partition", block="day of shaking",
        uses=(
            Use("buffer saturated with octanol", 1.2), Use("1-octanol", 1.2), Use("DMSO", 0.3),
            Use("acetonitrile", 12.0),
        ),
        waste=("octanol and octanol-saturated water: halogen-free organic waste", _ORGANIC, _SOLID),
    ),
    "Caco-2 monolayer transport with LC-MS": Bench(
        plate=True, handling="assay", block="passage of cells",
        uses=(Use("transport buffer", 2.0), Use("DMSO", 0.3), Use("acetonitrile", 5.0), Use("formic acid", 0.01)),
        waste=(_BIOLOGICAL, _ORGANIC, _SOLID),
    ),
    "rapid equilibrium dialysis with LC-MS": Bench(
        plate=True, handling="assay", block="dialysis plate",
        uses=(
            Use("human plasma", 1.0), Use("phosphate buffered saline", 1.0), Use("DMSO", 0.3),
            Use("acetonitrile", 5.0), Use("formic acid", 0.01),
        ),
        waste=(_BIOLOGICAL, _ORGANIC, _SOLID),
    ),
    "UV melting curve at 260 nm": Bench(
        plate=False, block="run of the cell changer",
        uses=(Use("phosphate buffer with sodium chloride", 2.0), Use("sodium chloride", 6.0, "mg")), waste=(_AQUEOUS,),
    ),
    "high-resolution mass spectrometry": Bench(
        plate=True, edge="use", block="sequence of injections",
        uses=(Use("acetonitrile", 3.0), Use("formic acid", 0.01)), waste=(_ORGANIC, _SOLID),
    ),
}  # fmt: skip

_ASSAY = Bench(
    plate=True, handling="assay", block="plate",
    uses=(Use("assay buffer", 1.2), Use("DMSO", 0.3)), waste=(_BIOLOGICAL, _AQUEOUS, _SOLID),
)  # fmt: skip
_CRYSTAL = Bench(plate=False, uses=(Use("silicon", 50.0, "mg"),), waste=(_POWDER, _SOLID), block="synthesis batch")
_OTHER = Bench(plate=False, waste=(_AQUEOUS, _SOLID), block="day")
_COMPUTED = Bench(plate=False, block="batch of computations")


def bench_of(method: Method) -> Bench:
    """What a method needs at the bench."""
    if method.method in _EXACT:
        return _EXACT[method.method]
    if method.method.startswith("computed only"):
        return _COMPUTED
    if method.kind == "molecule" and method.stock:
        return _ASSAY
    return _CRYSTAL if method.kind == "crystal" else _OTHER
