"""What the enumerating tools share: combinations are built, judged against bounds, and told."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from agent.records import CandidateDraft, Objective, Result, Value
from agent.tools import empty, ok, progress
from agent.tools.molecules.enumeration.core import fillings, joined
from agent.tools.molecules.enumeration.linkers import LINKERS

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.enumeration.blocks import Reactants
    from agent.tools.molecules.enumeration.groups import Group
    from agent.tools.molecules.requirements import Requirements
    from agent.tools.molecules.specification.rules import Rules


_INVALID, _STRANGE = "not a valid molecule", "an odd motif"
_OWN = (_INVALID, _STRANGE)
_USUAL = (("QED", "maximise", None), ("SA_score", "minimise", None))


@dataclass(frozen=True)
class Made:
    """One combination: the molecule (``None`` if it is not valid), what went into it, and values of its own."""

    mol: Mol | None
    labels: dict[str, str]
    extra: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What the molecules have to meet, and what ranks them."""

    requirements: Requirements
    rules: Rules


class Work(Protocol):
    """Something that makes combinations."""

    @property
    def combinations(self) -> int:
        """How many there are in all."""
        ...

    def make(self) -> Iterator[Made]:
        """Make them, or as many as may be made."""
        ...


class Combinations:
    """Groups on a core (see the tool)."""

    def __init__(
        self, core: Mol, numbers: Sequence[int], lists: Sequence[Sequence[Group]], seed: int, most: int
    ) -> None:
        self._core, self._numbers, self._lists, self._seed, self._most = core, list(numbers), lists, seed, most
        self.combinations = math.prod(len(groups) for groups in lists)

    def make(self) -> Iterator[Made]:
        """Every combination, or an even random choice of them."""
        names = {id(group.mol): group.name for groups in self._lists for group in groups}
        choices = {n: [group.mol for group in groups] for n, groups in zip(self._numbers, self._lists, strict=True)}
        for parts in self._parts(choices):
            labels = {f"R{number}": names[id(mol)] for number, mol in parts}
            yield Made(joined(self._core, parts), labels)

    def _parts(self, choices: dict[int, list[Mol]]) -> Iterator[tuple[tuple[int, Mol], ...]]:
        if self.combinations <= self._most:
            yield from fillings(self._numbers, choices)
            return
        chance = random.Random(self._seed)
        for place in sorted(chance.sample(range(self.combinations), self._most)):
            parts = []
            for number in reversed(self._numbers):
                place, index = divmod(place, len(choices[number]))
                parts.append((number, choices[number][index]))
            yield tuple(reversed(parts))


class Pairs:
    """Products of pairs of building blocks (see the tool)."""

    def __init__(self, found: Reactants, seed: int, most: int) -> None:
        self._found, self._seed, self._most = found, seed, most
        self.combinations = len(found.first) * len(found.second)

    def make(self) -> Iterator[Made]:
        """The products of every pair, or of an even random choice of pairs."""
        from rdkit import Chem

        places: Any = range(self.combinations)
        if self.combinations > self._most:
            places = sorted(random.Random(self._seed).sample(places, self._most))
        for place in places:
            one, other = (
                self._found.first[place // len(self._found.second)],
                self._found.second[place % len(self._found.second)],
            )
            labels = {"reaction": self._found.name, "first": one.name, "second": other.name}
            for (product,) in self._found.reaction.RunReactants((one.mol, other.mol), maxProducts=8):
                valid = Chem.SanitizeMol(product, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE
                yield Made(product if valid else None, labels)


class Linked:
    """Two fragments joined by linkers (see the tool)."""

    def __init__(self, ends: tuple[Mol, Mol], linkers: Sequence[Mol], least: int, most: int) -> None:
        from rdkit import Chem

        given = list(linkers) or [Chem.MolFromSmiles(text) for text in LINKERS]
        wide = [*given, *_doubled(given)] if not linkers else given
        chosen: dict[str, tuple[Mol, int]] = {}
        for linker in wide:
            if least <= (length := _length(linker)) <= most:
                for turned in (linker, _turned(linker)):
                    chosen.setdefault(Chem.MolToSmiles(turned), (turned, length))
        self._ends, self._linkers = ends, chosen
        self._direct = least == 0 and not linkers
        self.combinations = len(chosen) + self._direct

    def make(self) -> Iterator[Made]:
        """The fragments bound directly (a linker of no atoms), then by each linker, shorter ones first."""
        if self._direct:
            (number,) = _points(self._ends[0])
            yield Made(joined(self._ends[0], [(number, self._ends[1])]), {"linker": "a bond", "linker_atoms": "0"})
        for smiles, (linker, length) in sorted(self._linkers.items(), key=lambda entry: (entry[1][1], entry[0])):
            mol = joined(linker, [(1, self._ends[0]), (2, self._ends[1])])
            yield Made(mol, {"linker": smiles, "linker_atoms": str(length)})


def _points(mol: Mol) -> list[int]:
    from agent.tools.molecules.enumeration.core import attachment_points

    return sorted(attachment_points(mol))


def _length(linker: Mol) -> int:
    """Atoms on the shortest way between the two attachment points."""
    from rdkit import Chem

    from agent.tools.molecules.enumeration.core import attachment_points

    points = attachment_points(linker)
    return len(Chem.GetShortestPath(linker, points[1], points[2])) - 2


def _turned(linker: Mol) -> Mol:
    from rdkit import Chem

    from agent.tools.molecules.enumeration.core import attachment_points

    turned = Chem.Mol(linker)
    points = attachment_points(turned)
    for number, place in points.items():
        turned.GetAtomWithIdx(place).SetAtomMapNum(3 - number)
    return turned


def _doubled(linkers: Sequence[Mol]) -> Iterator[Mol]:
    """Linkers made of a ring and a short chain."""
    from rdkit import Chem

    chains = [Chem.MolFromSmiles(text) for text in ("[*:1]C[*:2]", "[*:1]O[*:2]", "[*:1]CO[*:2]", "[*:1]C(=O)N[*:2]")]
    for linker in linkers:
        if not linker.GetRingInfo().NumRings():
            continue
        for chain in chains:
            tail = Chem.Mol(chain)
            for atom in tail.GetAtoms():
                if atom.GetAtomMapNum() == 2:
                    atom.SetAtomMapNum(7)
            whole = Chem.Mol(linker)
            for atom in whole.GetAtoms():
                if atom.GetAtomMapNum() == 1:
                    atom.SetAtomMapNum(7)
            parameters = Chem.MolzipParams()
            parameters.label = Chem.MolzipLabel.AtomMapNumber
            made = Chem.molzip(Chem.CombineMols(tail, whole), parameters)
            if Chem.SanitizeMol(made, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
                yield made


def finish(
    work: Work,
    asked: Asked,
    count: int,
    what: str,
    warnings: Sequence[str] = (),
    data: dict[str, Any] | None = None,
) -> Result:
    """Make, judge and tell.

    Args:
        work: What makes the combinations.
        asked: Bounds on quantities that RDKit computes and on values that the work itself brings; rules; objectives.
        count: How many are wanted at most.
        what: For the summary: "groups on c1ccccc1[*:1]".
        warnings: What the reader should know.
        data: More plain data.
    """
    from rdkit import Chem

    from agent.tools.molecules.descriptors import ALONE, describe, values
    from agent.tools.molecules.evolution.order import without_odd_motifs
    from agent.tools.molecules.requirements import nothing_in_words
    from agent.tools.molecules.structures import scaffold
    from agent.vocabulary import by_key

    requirements = asked.requirements
    allowed = without_odd_motifs()
    found: dict[str, tuple[Made, dict[str, float]]] = {}
    failed: Counter[str] = Counter()
    misses: list[tuple[float, str, list[str], dict[str, float]]] = []
    seen: set[str] = set()
    steps = 0
    for steps, made in enumerate(work.make(), start=1):
        if steps % 500 == 0:
            progress(min(0.9, steps / max(work.combinations, 1)), f"{steps} combinations, {len(found)} qualify")
        if made.mol is None:
            failed[_INVALID] += 1
            continue
        mol = Chem.RemoveHs(made.mol)
        smiles = Chem.MolToSmiles(mol)
        if smiles in seen:
            continue
        seen.add(smiles)
        if not allowed(mol):
            failed[_STRANGE] += 1
            continue
        row = describe(mol, [key for key in requirements.keys if key in ALONE]) | made.extra
        gaps = asked.rules.gaps(mol) | requirements.distances(row)
        failed.update(list(gaps))
        if gaps:
            misses.append((sum(gaps.values()), smiles, sorted(gaps), row))
        else:
            found[smiles] = (Made(mol, made.labels, made.extra), row)
    order = _ordered(found, asked.requirements.objectives)
    chosen = order[:count]
    told = {
        "smiles": chosen,
        "combinations": work.combinations,
        "built": len(seen),
        "qualified": len(found),
        "failures": dict(failed.most_common()),
        "binding": _binding(failed, requirements),
        "nearest": [
            {"smiles": smiles, "violated": keys, "values": {key: row.get(key) for key in requirements.keys}}
            for _, smiles, keys, row in sorted(misses, key=lambda miss: miss[:2])[: 0 if found else 5]
        ],
        **(data or {}),
    }
    said = list(warnings)
    if requirements.unchecked:
        said.append(f"not computed here, to be estimated by other tools: {', '.join(requirements.unchecked)}")
    if len(order) > count:
        said.append(f"{len(order)} qualify; {count} are returned")
    told_rules = [str(asked.rules)] if asked.rules else []
    specified = "; ".join([*(str(bound) for bound in requirements.bounds), *told_rules]) or "no constraints"
    if not chosen:
        return empty(
            nothing_in_words(f"{len(seen)} {what}", specified, told["binding"], told["nearest"]),
            data=told,
            warnings=said,
        )
    drafts = []
    for smiles in chosen:
        made, _ = found[smiles]
        assert made.mol is not None
        extra = [Value(name=key, value=value, unit=by_key()[key].unit) for key, value in made.extra.items()]
        drafts.append(
            CandidateDraft(
                kind="molecule",
                structure=smiles,
                values=(*values(describe(made.mol)), *extra),
                labels={**made.labels, "scaffold": scaffold(made.mol)},
            )
        )
    return ok(
        f"{len(chosen)} of {len(seen)} {what} ({specified}).",
        values=(Value(name="built", value=len(seen)), Value(name="qualified", value=len(found))),
        data=told,
        candidates=drafts,
        warnings=said,
    )


def _binding(failed: Counter[str], requirements: Requirements) -> str:
    """The bound that most molecules break, as people write it; empty where nothing was missed."""
    for key, _ in failed.most_common():
        if bounds := [str(bound) for bound in requirements.bounds if bound.key == key]:
            return " and ".join(bounds)
        if key not in _OWN:
            return key
    return ""


def _ordered(found: Mapping[str, tuple[Made, dict[str, float]]], objectives: Sequence[Objective]) -> list[str]:
    """The molecules, the best first: by the sum of their places in each objective, else as `finish` says."""
    from agent.tools.molecules.descriptors import ALONE, describe

    if not objectives and any(made.extra for made, _ in found.values()):
        return sorted(found, key=lambda smiles: (-found[smiles][0].extra["shape_similarity"], smiles))
    wishes = [(one.quantity, one.direction, one.target) for one in objectives] or list(_USUAL)
    places: Counter[str] = Counter()
    for key, direction, target in wishes:
        values = {}
        for smiles, (made, row) in found.items():
            if key not in row and key in ALONE and made.mol is not None:
                row |= describe(made.mol, [key])
            value = row.get(key, math.nan)
            values[smiles] = abs(value - (target or 0)) if direction == "target" else value
        known = sorted({value for value in values.values() if not math.isnan(value)}, reverse=direction == "maximise")
        rank = {value: place for place, value in enumerate(known)}
        places.update({smiles: rank.get(value, len(known)) for smiles, value in values.items()})
    return sorted(found, key=lambda smiles: (places[smiles], smiles))
