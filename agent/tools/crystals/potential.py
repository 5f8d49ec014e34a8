"""The CHGNet potential: loaded once a process, evaluated in batches, on a GPU where there is one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.errors import EngineMissing, RepairableToolError
from agent.tools.crystals.patterns import Array
from agent.tools.crystals.structures import known_warnings

if TYPE_CHECKING:
    from pymatgen.core import Structure

MODEL = "0.3.0"
"""The published CHGNet weights inside the package (PBE with the Materials Project's +U and mixing corrections)."""

HEAVIEST = 94
"""CHGNet was trained on elements up to plutonium; its embedding has no entry beyond."""

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class State:
    """What the potential says of one structure.

    Attributes:
        energy: Per atom, in eV.
        forces: On each atom in eV/Å, shape (n, 3).
        stress: In GPa, shape (3, 3); positive along the diagonal when the cell wants to shrink.
    """

    energy: float
    forces: Array
    stress: Array

    @property
    def max_force(self) -> float:
        """The largest force on an atom in eV/Å."""
        return float(np.linalg.norm(self.forces, axis=1).max())

    @property
    def pressure(self) -> float:
        """Hydrostatic pressure in GPa: positive when the cell is compressed and wants to expand."""
        return -float(np.trace(self.stress)) / 3


@cache
def model() -> Any:
    """The model, loaded once a process (the weights ship with the package; nothing is downloaded).

    Raises:
        EngineMissing: chgnet is not installed.
    """
    try:
        with warnings.catch_warnings():
            # Importing pulls in libraries (torch, ase, spglib's callers) that warn of their own deprecations.
            warnings.simplefilter("ignore")
            from chgnet.model.model import CHGNet
    except ImportError as error:
        raise EngineMissing(
            "The crystal potential needs the package chgnet, which is not installed.",
            remedy="Install the extra: pip install 'gedanken[crystals]'.",
        ) from error
    with redirect_stdout(io.StringIO()):  # it announces itself
        loaded = CHGNet.load(model_name=MODEL, verbose=False, check_cuda_mem=False)
    loaded.graph_converter.set_isolated_atom_response("ignore")  # counted and reported by `evaluate`
    return loaded.eval()


def device() -> str:
    """Where the model runs: ``cpu``, ``cuda`` or ``mps``."""
    return next(model().parameters()).device.type


def batch_size(sizes: Sequence[int]) -> int:
    """How many structures go through the model at once: by the largest cell and what the device holds."""
    atoms = 8000 if device() == "cuda" else 400
    return max(1, min(64, atoms // max(sizes)))


def evaluate(structures: Sequence[Structure], *, forces: bool = True, report: Report | None = None) -> list[State]:
    """Energy, forces and stress of structures, in batches of similar size.

    Args:
        structures: Ordered structures.
        forces: Leave forces and stress out (NaN) for speed where only energies are needed.
        report: Called with a fraction and a message after each batch.

    Raises:
        RepairableToolError: An element is beyond the potential, or atoms sit on top of each other or too far apart.
    """
    network = model()
    for structure in structures:
        _refuse_unsuitable(structure)
    order = sorted(range(len(structures)), key=lambda i: len(structures[i]))
    states: list[State | None] = [None] * len(structures)
    done = 0
    while done < len(order):
        rest = order[done:]
        size = batch_size([len(structures[i]) for i in rest[:64]])
        chunk = rest[:size]
        with known_warnings():
            graphs = [_graph(network, structures[i]) for i in chunk]
            predicted = network.predict_graph(graphs, task="efs" if forces else "e", batch_size=size)
        for i, row in zip(chunk, predicted if isinstance(predicted, list) else [predicted], strict=True):
            states[i] = _state(row, len(structures[i]))
        done += len(chunk)
        if report:
            report(done / len(order), f"{done} of {len(order)} structures")
    return [state for state in states if state is not None]


def _graph(network: Any, structure: Structure) -> Any:
    try:
        return network.graph_converter(structure)
    except ValueError as error:
        raise RepairableToolError(
            f"The potential cannot see the bonds of {structure.composition.reduced_formula} ({error}).",
            remedy="Check that no atom is farther than 6 Å from all others.",
        ) from error


def _state(row: dict[str, Any], atoms: int) -> State:
    missing = np.full((atoms, 3), np.nan)
    return State(
        energy=float(np.asarray(row["e"])),
        forces=np.asarray(row.get("f", missing), dtype=float),
        stress=np.asarray(row.get("s", missing[:3]), dtype=float),
    )


def _refuse_unsuitable(structure: Structure) -> None:
    shown = structure.composition.reduced_formula
    heavy = [element.symbol for element in structure.composition.elements if element.Z > HEAVIEST]
    if heavy:
        raise RepairableToolError(
            f"CHGNet does not know {', '.join(heavy)} (in {shown}).",
            remedy="Leave that structure out: the potential covers hydrogen to plutonium.",
        )
    if len(structure) > 1:
        distances = structure.distance_matrix[np.triu_indices(len(structure), 1)]
        if distances.min() < 0.5:
            raise RepairableToolError(
                f"Two atoms of {shown} are {distances.min():.2f} Å apart.",
                remedy="Check the structure for doubled sites.",
            )
