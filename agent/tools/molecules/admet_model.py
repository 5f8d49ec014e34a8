"""The pretrained ADMET models that the admet-ai package ships, loaded once a process and run directly.

Swanson et al., Bioinformatics 2024, 40, btae416: ensembles of five Chemprop networks trained on the Therapeutics Data
Commons. The networks are run here without the package's own predictor, which drops invalid molecules in silence,
loses the last molecule of a batch of 65, prints to the terminal, and takes six seconds to import. Nothing is
downloaded: the weights are files of the package.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import TerminalToolError
from agent.tools.molecules.admet_networks import Network, UnknownNetwork, graphs_of, read_network

if TYPE_CHECKING:
    from rdkit.Chem import Mol

_DRIVERS = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")
"""Devices of the drivers that PyTorch reaches a GPU through: Nvidia's, Windows's for Linux, AMD's."""

BATCH = 64
"""Molecules that the networks see at once."""


@dataclass(frozen=True)
class Endpoint:
    """One quantity that the models estimate.

    Attributes:
        task: Its name in admet-ai.
        unit: The unit of the vocabulary, which is that of the model.
        low: Least value that the quantity can take.
        high: Greatest value that it can take.
        classifier: Whether the estimate is a probability.
    """

    task: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    classifier: bool = True


ENDPOINTS: dict[str, Endpoint] = {
    "solubility_AqSolDB": Endpoint("Solubility_AqSolDB", "log_molar", classifier=False),
    "hERG": Endpoint("hERG"),
    "BBB": Endpoint("BBB_Martins"),
    "AMES": Endpoint("AMES"),
    "DILI": Endpoint("DILI"),
    "ClinTox": Endpoint("ClinTox"),
    "HIA": Endpoint("HIA_Hou"),
    "bioavailability": Endpoint("Bioavailability_Ma"),
    "CYP3A4": Endpoint("CYP3A4_Veith"),
    "CYP2D6": Endpoint("CYP2D6_Veith"),
    "Pgp": Endpoint("Pgp_Broccatelli"),
    "Caco2": Endpoint("Caco2_Wang", classifier=False),
    "logD": Endpoint("Lipophilicity_AstraZeneca", classifier=False),
    "half_life": Endpoint("Half_Life_Obach", "hour", low=0.0, classifier=False),
    "LD50": Endpoint("LD50_Zhu", classifier=False),
    "PPBR": Endpoint("PPBR_AZ", "percent", low=0.0, high=100.0, classifier=False),
}
"""The endpoints by vocabulary key."""

WEAK: dict[str, str] = {
    "half_life": "the half-life model explains none of the variance on its test set (published R² below 0)",
    "ClinTox": "the ClinTox classifier rarely finds true positives (published AUPRC 0.61)",
    "bioavailability": "the bioavailability classifier separates weakly (published AUROC 0.72)",
}
"""Endpoints whose published performance a reader has to know."""


@dataclass(frozen=True)
class Estimate:
    """An estimate and the standard deviation among the five networks of the ensemble (spread, not the full error)."""

    value: float
    spread: float


@dataclass(frozen=True)
class _Ensembles:
    device: str
    members: tuple[tuple[Network, ...], ...]
    place: Callable[[Any], Any] | None


def estimate(
    mols: Sequence[Mol], keys: Sequence[str], report: Callable[[int], None] = lambda done: None
) -> list[dict[str, Estimate]]:
    """Estimate endpoints of molecules.

    Args:
        mols: Sanitised molecules.
        keys: Which of `ENDPOINTS`.
        report: Told how many molecules are done.

    Returns:
        For each molecule, in order, the estimates by key. An estimate that the quantity cannot take (a negative
        half-life) is left out; one that misses the range by less than the ensemble's spread is set to its end.

    Raises:
        TerminalToolError: The admet-ai package or its weights are not installed.
    """
    ensembles = _ensembles()
    tasks = {ENDPOINTS[key].task for key in keys}
    rows: list[dict[str, Estimate]] = []
    for start in range(0, len(mols), BATCH):
        raw = _run(ensembles, mols[start : start + BATCH], tasks)
        for place in range(len(mols[start : start + BATCH])):
            found = {key: _possible(ENDPOINTS[key], *raw[ENDPOINTS[key].task][place]) for key in keys}
            rows.append({key: value for key, value in found.items() if value is not None})
        report(len(rows))
    return rows


def load() -> None:
    """Load the networks ahead of need (they stay in this process)."""
    _ensembles()


def device() -> str:
    """Where the networks run: ``cuda`` or ``cpu``."""
    return _ensembles().device


def _possible(endpoint: Endpoint, value: float, spread: float) -> Estimate | None:
    """The estimate, if it is a value that the quantity can take within the spread of the ensemble."""
    low = endpoint.low if endpoint.low is not None else -math.inf
    high = endpoint.high if endpoint.high is not None else math.inf
    bounded = min(max(value, low), high)
    return Estimate(bounded, spread) if abs(bounded - value) <= spread else None


def _run(ensembles: _Ensembles, mols: Sequence[Mol], tasks: set[str]) -> dict[str, list[tuple[float, float]]]:
    """Mean and standard deviation over each ensemble that knows a task, by task, for one batch."""
    import numpy as np

    graphs = graphs_of(mols)
    if ensembles.place is not None:
        graphs = graphs.on(ensembles.place)
    found: dict[str, list[tuple[float, float]]] = {}
    for networks in ensembles.members:
        columns = {task: column for column, task in enumerate(networks[0].tasks) if task in tasks}
        if not columns:
            continue
        outputs = np.stack([network(graphs) for network in networks])
        mean, spread = outputs.mean(axis=0), outputs.std(axis=0, ddof=1)
        for task, column in columns.items():
            found[task] = list(zip(mean[:, column].tolist(), spread[:, column].tolist(), strict=True))
    return found


@cache
def _ensembles() -> _Ensembles:
    spec = importlib.util.find_spec("admet_ai")
    folder = Path(next(iter(spec.submodule_search_locations or [""]))) / "resources" / "models" if spec else None
    if folder is None or not folder.is_dir():
        raise TerminalToolError(
            "The ADMET models are not installed.", remedy="Install the extra: pip install 'gedanken[molecules]'."
        )
    kinds = sorted(path for path in folder.iterdir() if path.is_dir())
    try:
        members = [tuple(map(read_network, sorted(kind.glob("**/*.pt")))) for kind in kinds]
    except UnknownNetwork as error:
        raise TerminalToolError(
            f"The ADMET models of the installed admet-ai cannot be used: {error}.",
            remedy="Install the version that constraints.txt names.",
        ) from error
    place = _gpu()
    if place is not None:
        members = [tuple(network.on(place) for network in networks) for networks in members]
    return _Ensembles("cpu" if place is None else "cuda", tuple(members), place)


def _gpu() -> Callable[[Any], Any] | None:
    """What puts an array on the GPU, where there is one. Without a driver PyTorch is not even imported."""
    if not any(Path(name).exists() for name in _DRIVERS):
        return None
    import torch

    if not torch.cuda.is_available():
        return None
    return lambda array: torch.from_numpy(array.copy()).to("cuda")
