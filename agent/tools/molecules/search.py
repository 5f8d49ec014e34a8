"""The search for analogues: generations of single changes from a seed, steered towards the constraints by a beam.

Every molecule of a generation is one change away from a molecule of the beam before it. A changed molecule is admitted
if it is valid, free of odd motifs that the seed does not have, as similar to the seed as asked, and keeps what is to be
kept. The beam of the next generation is made of the molecules nearest to meeting all constraints, spread over different
changes. The amount of work is bounded by a count of molecules, never by the clock, so that equal inputs and seeds give
equal results on any machine.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.descriptors import describe, fingerprint, tanimoto
from agent.tools.molecules.edits import Edit, edits, shortened, substituents
from agent.tools.molecules.gaining import gains
from agent.tools.molecules.motifs import ODD_MOTIFS
from agent.tools.molecules.requirements import Requirements

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from rdkit.DataStructs import ExplicitBitVect

GENERATIONS = 6
"""Most changes between the seed and an analogue."""

BEAM = 14
"""Molecules that a later generation starts from."""

WORK = 2400
"""Molecules of 30 heavy atoms that a search looks at; fewer of larger ones."""

ENOUGH = 4
"""A search ends when it has this many times the molecules that were asked for, and two generations."""

TOO_DIFFERENT = "less similar to the seed than asked"
"""The reason under which molecules below the similarity floor are counted."""


@dataclass(frozen=True)
class Analogue:
    """A molecule that the search has looked at.

    Attributes:
        smiles: Canonical SMILES.
        mol: The molecule.
        bits: Its Morgan fingerprint.
        similarity: Tanimoto coefficient to the seed.
        changes: The names of the changes that lead to it from the seed.
        row: The descriptors computed so far; `need` adds to it.
        gaps: Distance to each constraint that it fails; a fatal ``avoid`` counts as one.
    """

    smiles: str
    mol: Mol
    bits: ExplicitBitVect
    similarity: float
    changes: tuple[str, ...]
    row: dict[str, float]
    gaps: dict[str, float]

    @property
    def distance(self) -> float:
        """Sum of the distances; 0 if every constraint is met."""
        return sum(self.gaps.values())

    def need(self, keys: Iterable[str]) -> dict[str, float]:
        """The descriptors, these keys among them; what is missing is computed and remembered."""
        self.row.update(describe(self.mol, [key for key in keys if key not in self.row]))
        return self.row


@dataclass
class Search:
    """What is looked for, and what has been found so far.

    Attributes:
        seed: The starting molecule.
        requirements: Constraints and objectives.
        keep: Patterns that every molecule on the way has to match.
        avoid: Patterns that no result may match (molecules on the way may).
        gain: Patterns that every result has to match and the seed does not, by what they are called.
        min_similarity: Least Tanimoto similarity to the seed.
        random_seed: Makes the order in which equal choices are tried repeatable.
        seen: Every canonical SMILES that was built.
        found: Molecules that meet everything, in order of discovery.
        missed: Molecules that were looked at and fail something.
        rejected: How many were refused, by reason.
    """

    seed: Mol
    requirements: Requirements
    keep: tuple[Mol, ...] = ()
    avoid: tuple[Mol, ...] = ()
    gain: Mapping[str, Mol] = field(default_factory=dict)
    min_similarity: float = 0.3
    random_seed: int = 0
    seen: set[str] = field(default_factory=set)
    found: list[Analogue] = field(default_factory=list)
    missed: list[Analogue] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    _built: set[str] = field(default_factory=set)
    _own: frozenset[tuple[str, str]] = frozenset()

    def run(self, wanted: int, report: Callable[[float, str], None] = lambda fraction, message: None) -> None:
        """Search until there is enough to choose from, or the work is spent.

        Args:
            wanted: How many analogues are asked for.
            report: Told the progress as a fraction and a few words.
        """
        from rdkit import Chem

        chance = random.Random(self.random_seed)
        reference = fingerprint(self.seed)
        start = Analogue(Chem.MolToSmiles(self.seed), self.seed, reference, 1.0, (), {}, {})
        self.seen.add(start.smiles)
        self._own = substituents(self.seed)
        odd = _odd_motifs(self.seed)
        work = int(WORK * min(1.0, 30 / max(self.seed.GetNumHeavyAtoms(), 1)))
        done = 0
        beam = [start]
        expanded: set[str] = set()
        for generation in range(1, GENERATIONS + 1):
            share = self._share(generation, work - done, len(beam), wanted)
            expanded |= {parent.smiles for parent in beam}
            for parent in beam:
                lacking = [pattern for pattern in self.gain.values() if not parent.mol.HasSubstructMatch(pattern)]
                for edit in _spread([*edits(parent.mol), *gains(parent.mol, lacking)], chance, share):
                    if done >= work:
                        break
                    made = self._look(parent, edit, reference, odd)
                    done += made is not None
                    if isinstance(made, Analogue):
                        (self.missed if made.gaps else self.found).append(made)
                report(min(done / work, len(self.found) / (ENOUGH * wanted + 1)), f"{len(self.found)} analogues")
            enough = len(self.found) >= ENOUGH * wanted and generation >= 2
            if done >= work or enough:
                break
            beam = _beam((item for item in (*self.found, *self.missed) if item.smiles not in expanded), chance)
            if not beam:
                break

    def _share(self, generation: int, left: int, parents: int, wanted: int) -> int:
        """How many changes of each parent are tried: all of the seed's, later half of what is left of the work.

        Where there is enough after the first generation, a short second one makes the choice richer.
        """
        if generation == 1:
            return left
        if len(self.found) >= ENOUGH * wanted:
            left = min(left, 20 * wanted)
        return max(20, left // (2 * parents))

    def _look(self, parent: Analogue, edit: Edit, reference: ExplicitBitVect, odd: Any) -> Analogue | bool | None:
        """Build and judge one change: the molecule, ``False`` if it was refused, ``None`` if it was no work at all."""
        from rdkit import Chem

        built = edit.build()
        if built in self._built:
            return None
        mol = Chem.MolFromSmiles(built) if built else None
        if built is None or mol is None:
            self.rejected["not a valid molecule"] += 1
            return None
        self._built.add(built)
        # Stereocentres that the change destroyed leave marks: only a second reading gives the canonical form.
        smiles = Chem.MolToSmiles(mol)
        if smiles in self.seen:
            return None
        self.seen.add(smiles)
        reason = self._refusal(mol, odd)
        bits = None if reason else fingerprint(mol)
        similarity = tanimoto(bits, reference) if bits is not None else 0.0
        if bits is None or similarity < self.min_similarity:
            self.rejected[reason or TOO_DIFFERENT] += 1
            return False
        row, gaps = self._measure(mol, similarity)
        for key in gaps:
            self.rejected[_failed(key)] += 1
        changes = (*parent.changes, edit.change)
        return Analogue(smiles, mol, bits, similarity, shortened(changes, self._own) or changes, row, gaps)

    def _refusal(self, mol: Mol, odd: Any) -> str:
        from rdkit import Chem

        if not all(mol.HasSubstructMatch(pattern) for pattern in self.keep):
            return "loses the part to keep"
        if abs(Chem.GetFormalCharge(mol)) > abs(Chem.GetFormalCharge(self.seed)):
            return "new charge"
        match = odd.GetFirstMatch(mol)
        return f"odd motif: {match.GetDescription()}" if match is not None else ""

    def _measure(self, mol: Mol, similarity: float) -> tuple[dict[str, float], dict[str, float]]:
        """The constrained descriptors, cheapest first, up to the first that fails."""
        row: dict[str, float] = {"similarity": similarity}
        gaps = {"avoid": 1.0} if any(mol.HasSubstructMatch(pattern) for pattern in self.avoid) else {}
        gaps |= {f"with {name}": 1.0 for name, pattern in self.gain.items() if not mol.HasSubstructMatch(pattern)}
        groups = ("cheap", "dear")
        dear = [key for key in self.requirements.keys if key in ("QED", "alerts", "SA_score")]
        cheap = [key for key in self.requirements.keys if key not in dear and key != "similarity"]
        for group in groups:
            row |= describe(mol, cheap if group == "cheap" else dear)
            if gaps := gaps | self.requirements.distances(row):
                break
        return row, gaps


def _failed(key: str) -> str:
    """What a molecule fails, as it is counted."""
    if key == "avoid":
        return "pattern to avoid"
    return f"not {key}" if key.startswith("with ") else f"{key} outside the limits"


def _odd_motifs(seed: Mol) -> Any:
    """A filter of the odd motifs that the seed does not have itself."""
    from rdkit import Chem
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogEntry, SmartsMatcher

    motifs = FilterCatalog()
    for name, smarts in ODD_MOTIFS.items():
        pattern = Chem.MolFromSmarts(smarts)
        if not seed.HasSubstructMatch(pattern):
            motifs.AddEntry(FilterCatalogEntry(name, SmartsMatcher(name, pattern, 1)))
    return motifs


def _spread(choices: list[Edit], chance: random.Random, most: int) -> Iterator[Edit]:
    """At most so many edits, in turn from each kind of change, so that no kind crowds out the others."""
    chance.shuffle(choices)
    by_change: dict[str, list[Edit]] = {}
    for edit in choices:
        by_change.setdefault(edit.change, []).append(edit)
    given = 0
    while by_change and given < most:
        for change in list(by_change):
            yield by_change[change].pop()
            given += 1
            if not by_change[change]:
                del by_change[change]
            if given >= most:
                return


def _beam(unexpanded: Iterable[Analogue], chance: random.Random) -> list[Analogue]:
    """The nearest to meeting everything, then the most similar to the seed; at most two a kind of last change."""
    order = sorted(
        ((item.distance, -item.similarity + chance.uniform(0, 0.2), item.smiles, item) for item in unexpanded),
        key=lambda entry: entry[:3],
    )
    taken: list[Analogue] = []
    kinds: Counter[str] = Counter()
    for _, _, _, item in order:
        if kinds[item.changes[-1]] < 2:
            kinds[item.changes[-1]] += 1
            taken.append(item)
        if len(taken) == BEAM:
            break
    return taken
