"""The pretrained ADMET models that the admet-ai package ships, loaded once a process and run directly.

Swanson et al., Bioinformatics 2024, 40, btae416: ensembles of five Chemprop networks trained on the Therapeutics Data
Commons. The networks are run here without the package's own predictor, which drops invalid molecules in silence,
loses the last molecule of a batch of 65, and prints to the terminal. Nothing is downloaded: the weights are files of
the package.
"""

from __future__ import annotations

import importlib.util
import logging
import math
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import TerminalToolError

if TYPE_CHECKING:
    from rdkit.Chem import Mol

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
    members: tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...]


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
    with _calm():
        ensembles = _ensembles()
        rows: list[dict[str, Estimate]] = []
        for start in range(0, len(mols), BATCH):
            raw = _run(ensembles, mols[start : start + BATCH])
            for place in range(len(mols[start : start + BATCH])):
                found = {key: _possible(ENDPOINTS[key], *raw[ENDPOINTS[key].task][place]) for key in keys}
                rows.append({key: value for key, value in found.items() if value is not None})
            report(len(rows))
    return rows


def load() -> None:
    """Load the networks ahead of need (they stay in this process)."""
    with _calm():
        _ensembles()


def device() -> str:
    """Where the networks run: ``cuda`` or ``cpu``."""
    with _calm():
        return _ensembles().device


def _possible(endpoint: Endpoint, value: float, spread: float) -> Estimate | None:
    """The estimate, if it is a value that the quantity can take within the spread of the ensemble."""
    low = endpoint.low if endpoint.low is not None else -math.inf
    high = endpoint.high if endpoint.high is not None else math.inf
    bounded = min(max(value, low), high)
    return Estimate(bounded, spread) if abs(bounded - value) <= spread else None


def _run(ensembles: _Ensembles, mols: Sequence[Mol]) -> dict[str, list[tuple[float, float]]]:
    """Mean and standard deviation over each ensemble, by task, for one batch."""
    import torch
    from chemprop.data import MoleculeDatapoint, MoleculeDataset
    from chemprop.data.collate import collate_batch

    dataset = MoleculeDataset([MoleculeDatapoint(mol=mol) for mol in mols])
    items = [dataset[place] for place in range(len(dataset))]
    found: dict[str, list[tuple[float, float]]] = {}
    with torch.inference_mode():
        for tasks, networks in ensembles.members:
            outputs = []
            for network in networks:
                graph = collate_batch(items).bmg
                graph.to(ensembles.device)
                outputs.append(network(graph).double().cpu())
            stacked = torch.stack(outputs)
            mean, spread = stacked.mean(dim=0), stacked.std(dim=0)
            for column, task in enumerate(tasks):
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
    import torch
    from chemprop.models import load_model
    from chemprop.models.utils import load_output_columns

    where = "cuda" if torch.cuda.is_available() else "cpu"
    if where == "cpu":
        torch.set_num_threads(1)  # small graphs: more threads only fight with the other workers
    members = []
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        paths = sorted(kind.glob("**/*.pt"))
        networks = tuple(load_model(path, multicomponent=False).to(where).eval() for path in paths)
        members.append((tuple(load_output_columns(paths[0]) or ()), networks))
    return _Ensembles(where, tuple(members))


@contextmanager
def _calm():
    """Keep the libraries' own warnings and log lines (deprecations, hardware notes, tips) off the terminal."""
    names = ("lightning", "lightning.pytorch", "lightning.fabric", "chemprop")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
