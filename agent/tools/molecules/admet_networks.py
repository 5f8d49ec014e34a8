"""Message-passing networks as Chemprop trains them, run from their weight files without Chemprop or PyTorch.

Importing Chemprop takes far longer than reading the weights of ten networks and estimating a molecule. The
networks are small and of one architecture, so their forward pass is written out here over arrays: NumPy's on a
processor, PyTorch's on a GPU, by the same lines. A file of any other architecture is refused.

Sources:

- Directed message passing: Yang et al., J. Chem. Inf. Model. 2019, 59, 3370.
- Chemprop's layers and its features of atoms and bonds: Heid et al., J. Chem. Inf. Model. 2024, 64, 9.
"""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdkit.Chem import Atom, Bond, Mol

Array = Any
"""A NumPy array or a PyTorch tensor, of floats unless said otherwise."""

_ATOMIC_NUMBERS = (*range(1, 37), 53)
_CHARGES = (-1, -2, 1, 2, 0)
_HYBRIDIZATIONS = ("S", "SP", "SP2", "SP2D", "SP3", "SP3D", "SP3D2")
_BONDS = ("SINGLE", "DOUBLE", "TRIPLE", "AROMATIC")

_WEIGHTS = (
    "message_passing.W_i.weight", "message_passing.W_h.weight", "message_passing.W_o.weight",
    "message_passing.W_o.bias", "predictor.ffn.0.0.weight", "predictor.ffn.0.0.bias", "predictor.ffn.1.2.weight",
    "predictor.ffn.1.2.bias",
)  # fmt: skip

_UNUSED = ("metrics.", "predictor.criterion.", "predictor.output_transform.")
"""Arrays that only training uses, or that are read apart."""

ATOM_FEATURES = 72
BOND_FEATURES = 14


class UnknownNetwork(ValueError):
    """A weight file that is not of the architecture that this module runs."""


@dataclass(frozen=True)
class Graphs:
    """A batch of molecules as one graph; every bond is two directed edges.

    Attributes:
        atoms: Features, atoms x 72.
        edges: Features of each edge's first atom, then of its bond: edges x 86.
        begins: The atom that each edge begins at (integers).
        reverse: The edge in the other direction (integers).
        incoming: The edges that end at each atom, as many columns as any atom has; filled up with the number of edges,
            where a row of zeros stands (integers).
        members: The atoms of each molecule in the same way, filled up with the number of atoms (integers).
    """

    atoms: Array
    edges: Array
    begins: Array
    reverse: Array
    incoming: Array
    members: Array

    def on(self, place: Callable[[Array], Array]) -> Graphs:
        """The same graphs with every array put somewhere else (a GPU)."""
        return Graphs(*(place(getattr(self, name)) for name in self.__dataclass_fields__))


def graphs_of(mols: Sequence[Mol]) -> Graphs:
    """The molecules as one graph.

    Args:
        mols: Sanitised molecules with at least one atom each.
    """
    import numpy as np

    atoms: list[list[float]] = []
    bonds: list[list[float]] = []
    begins: list[int] = []
    ends: list[int] = []
    members: list[list[int]] = []
    for mol in mols:
        first = len(atoms)
        atoms += map(_atom_features, mol.GetAtoms())
        members.append(list(range(first, len(atoms))))
        for bond in mol.GetBonds():
            a, b = first + bond.GetBeginAtomIdx(), first + bond.GetEndAtomIdx()
            begins += (a, b)
            ends += (b, a)
            bonds += [_bond_features(bond)] * 2
    incoming: list[list[int]] = [[] for _ in atoms]
    for edge, atom in enumerate(ends):
        incoming[atom].append(edge)
    features = np.array(atoms, dtype=np.float32).reshape(-1, ATOM_FEATURES)
    of_bonds = np.array(bonds, dtype=np.float32).reshape(-1, BOND_FEATURES)
    start = np.array(begins, dtype=np.int64)
    return Graphs(
        atoms=features,
        edges=np.concatenate([features[start], of_bonds], axis=1),
        begins=start,
        reverse=np.arange(len(begins), dtype=np.int64) ^ 1,
        incoming=_filled(incoming, len(begins)),
        members=_filled(members, len(atoms)),
    )


@dataclass(frozen=True)
class Network:
    """One trained network.

    Attributes:
        tasks: What its outputs are, in order.
        weights: Its arrays, by Chemprop's names.
        depth: Rounds of messages.
        norm: What the sum over a molecule's atoms is divided by.
        scaling: Mean and scale of the quantities in training; ``None`` for a classifier.
    """

    tasks: tuple[str, ...]
    weights: dict[str, Array]
    depth: int
    norm: float
    scaling: tuple[Array, Array] | None

    def on(self, place: Callable[[Array], Array]) -> Network:
        """The same network with its weights put somewhere else (a GPU)."""
        return replace(self, weights={name: place(array) for name, array in self.weights.items()})

    def __call__(self, graphs: Graphs) -> Array:
        """Estimate the tasks for a batch of molecules.

        Args:
            graphs: The molecules; where the weights are.

        Returns:
            Molecules x tasks as NumPy's doubles: probabilities of a classifier, else quantities in training's units.
        """
        import numpy as np

        w = self.weights
        first = graphs.edges @ w["message_passing.W_i.weight"].T
        hidden = _relu(first)
        for _ in range(1, self.depth):
            messages = _sums(hidden, graphs.incoming)[graphs.begins] - hidden[graphs.reverse]
            hidden = _relu(first + messages @ w["message_passing.W_h.weight"].T)
        into, inner = w["message_passing.W_o.weight"], _sums(hidden, graphs.incoming)
        of_atoms, of_messages = into[:, :ATOM_FEATURES], into[:, ATOM_FEATURES:]
        outer = _relu(graphs.atoms @ of_atoms.T + inner @ of_messages.T + w["message_passing.W_o.bias"])
        whole = _sums(outer, graphs.members) / self.norm
        whole = _relu(whole @ w["predictor.ffn.0.0.weight"].T + w["predictor.ffn.0.0.bias"])
        found = whole @ w["predictor.ffn.1.2.weight"].T + w["predictor.ffn.1.2.bias"]
        found = np.asarray(found if isinstance(found, np.ndarray) else found.cpu(), dtype=np.float64)
        if self.scaling is None:
            return 0.5 * (1 + np.tanh(0.5 * found))
        mean, scale = self.scaling
        return mean + scale * found


def read_network(path: Path) -> Network:
    """Read the weights and the shape of a network from a file that Chemprop 2 has written.

    Nothing in the file is executed: of the objects in it, only arrays and plain containers are made.

    Args:
        path: The file (``.pt``).

    Raises:
        UnknownNetwork: It is damaged, or a network of another architecture.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            inside = next(name for name in names if name.endswith("/data.pkl")).removesuffix("data.pkl")
            with archive.open(f"{inside}data.pkl") as file:
                plain = _Reader(file, lambda key: archive.read(f"{inside}data/{key}")).load()
        shape, weights = plain["hyper_parameters"], plain["state_dict"]
        passing, predictor = shape["message_passing"], shape["predictor"]
        expected = {
            "batch_norm": (shape["batch_norm"], False),
            "X_d_transform": (shape["X_d_transform"], None),
            "message_passing": (passing["cls"].name, "BondMessagePassing"),
            "agg": (shape["agg"]["cls"].name, "NormAggregation"),
            "undirected": (passing["undirected"], False),
            "bias": (passing["bias"], False),
            "d_v": (passing["d_v"], ATOM_FEATURES),
            "d_e": (passing["d_e"], BOND_FEATURES),
            "d_vd": (passing["d_vd"] or 0, 0),
            "activation": (passing["activation"].name, "ReLU"),
            "predictor activation": (predictor["activation"].name, "ReLU"),
            "n_layers": (predictor["n_layers"], 1),
        }
        wrong = [f"{name} is {found}" for name, (found, wanted) in expected.items() if found != wanted]
        kind = predictor["cls"].name
        if kind not in ("BinaryClassificationFFN", "RegressionFFN"):
            wrong.append(f"predictor is {kind}")
        wrong += [f"{name} is unknown" for name in weights if name not in _WEIGHTS and not name.startswith(_UNUSED)]
        if wrong:
            raise UnknownNetwork(f"{path.name}: {'; '.join(wrong)}")
        unscale = "predictor.output_transform."
        return Network(
            tasks=tuple(plain["output_columns"]),
            weights={name: weights[name] for name in _WEIGHTS},
            depth=passing["depth"],
            norm=float(shape["agg"]["norm"]),
            scaling=(weights[f"{unscale}mean"], weights[f"{unscale}scale"]) if kind == "RegressionFFN" else None,
        )
    except UnknownNetwork:
        raise
    except Exception as error:  # a damaged file fails in whatever way its damage makes it
        raise UnknownNetwork(f"{path.name} cannot be read ({type(error).__name__}: {error})") from error


def _relu(values: Array) -> Array:
    return values.clip(min=0)


def _sums(rows: Array, places: Array) -> Array:
    """For each row of places, the sum of the rows that it names; the place after the last names none."""
    import numpy as np

    if isinstance(rows, np.ndarray):
        padded = np.concatenate([rows, np.zeros((1, rows.shape[1]), dtype=rows.dtype)])
        total = padded[places[:, 0]]
    else:
        import torch

        padded = torch.cat([rows, torch.zeros((1, rows.shape[1]), dtype=rows.dtype, device=rows.device)])
        total = padded[places[:, 0]]
    for column in range(1, places.shape[1]):
        total += padded[places[:, column]]
    return total


def _filled(lists: Sequence[Sequence[int]], filler: int) -> Array:
    """Lists of different lengths as a rectangle of at least one column."""
    import numpy as np

    width = max((len(one) for one in lists), default=0) or 1
    return np.array([[*one, *[filler] * (width - len(one))] for one in lists], dtype=np.int64).reshape(-1, width)


def _atom_features(atom: Atom) -> list[float]:
    features: list[float] = []
    for value, choices in (
        (atom.GetAtomicNum(), _ATOMIC_NUMBERS),
        (atom.GetTotalDegree(), range(6)),
        (atom.GetFormalCharge(), _CHARGES),
        (int(atom.GetChiralTag()), range(4)),
        (int(atom.GetTotalNumHs()), range(5)),
        (atom.GetHybridization().name, _HYBRIDIZATIONS),
    ):
        features += _one_hot(value, choices)
    return [*features, float(atom.GetIsAromatic()), 0.01 * atom.GetMass()]


def _bond_features(bond: Bond) -> list[float]:
    kind = _one_hot(bond.GetBondType().name, _BONDS)[:-1]  # other kinds leave all of them out
    flags = [float(bond.GetIsConjugated()), float(bond.IsInRing())]
    return [0.0, *kind, *flags, *_one_hot(int(bond.GetStereo()), range(6))]


def _one_hot(value: Any, choices: Sequence[Any]) -> list[float]:
    """A one at the place of the value, and at the end for a value that is not among the choices."""
    found = [0.0] * (len(choices) + 1)
    found[choices.index(value) if value in choices else len(choices)] = 1.0
    return found


class _Dictionary(dict[Any, Any]):
    """A dictionary of any class; what else such an object holds is dropped."""

    def __setstate__(self, _: Any) -> None: ...


class _Named:
    """Stands for an object whose class is not loaded: it keeps the name and what it was given, and does nothing."""

    name = ""

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, _: Any) -> None: ...


class _Reader(pickle.Unpickler):
    """Reads PyTorch's files: arrays become NumPy's, dictionaries dictionaries, all else names without behaviour."""

    def __init__(self, file: Any, content: Callable[[str], bytes]) -> None:
        super().__init__(file)
        self._content = content

    def find_class(self, module: str, name: str) -> Any:
        if name in ("OrderedDict", "AttributeDict"):
            return _Dictionary
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _array
        if name.endswith("Storage"):
            return name
        return type(name, (_Named,), {"name": name})

    def persistent_load(self, pid: Any) -> Array:
        import numpy as np

        _, kind, key, *_ = pid
        return np.frombuffer(self._content(key), dtype={"FloatStorage": "<f4", "LongStorage": "<i8"}[kind])


def _array(storage: Array, offset: int, size: Iterable[int], strides: tuple[int, ...], *_: Any) -> Array:
    import numpy as np

    step = storage.itemsize
    return np.lib.stride_tricks.as_strided(storage[offset:], tuple(size), [step * one for one in strides])


__all__ = ["Graphs", "Network", "UnknownNetwork", "graphs_of", "read_network"]
