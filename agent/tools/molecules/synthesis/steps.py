"""One step backwards: what a molecule could be made from, and what speaks against each way.

Every template is run backwards, and what it proposes is run forwards again: only precursors that give the molecule
back count. The same forward run tells selectivity: other products that the same template makes of the same
precursors (another site, or a precursor that reacts with itself) are counted; where an electrophile enters a benzene
ring, the groups on the ring decide which of them there are. Groups that would react first under the conditions of the
step, and rings too strained to handle, count against a step or rule it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from agent.tools.molecules.structures import quiet_rdkit
from agent.tools.molecules.synthesis.directing import ALIKE, SUBSTITUTIONS, is_poor, position_score
from agent.tools.molecules.synthesis.templates import Template, templates

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MOST_OUTCOMES = 40
"""Ways in which one template is laid on one molecule."""

MOST_OTHERS = 3
"""Other products of a step beyond which it is not proposed at all."""

SIDE_PRODUCT_COST = 0.4
CONFLICT_COST = 0.6
TEXTBOOK_COST = 0.1
"""What a step costs more than its 1.0: for each other product, each conflict, and for not being of the published set
(whose reactions were chosen for being robust)."""

_STRAINED: dict[str, str] = {
    "a triple bond in a small ring": "[r3,r4,r5,r6,r7]#[r3,r4,r5,r6,r7]",
    "an allene in a small ring": "[r3,r4,r5,r6,r7]=[r3,r4,r5,r6,r7]=[r3,r4,r5,r6,r7]",
    "a double bond at a small bridgehead": "[R;r3,r4,r5,r6;x3]=;!@[R;r3,r4]",
    "a cyclopropene": "[C;r3]=[#6;r3]",
    "an acid halide beside a free amine": "[CX3](=O)[Cl,Br].[NX3;H2;!$(N-C=[O,N,S]);!$(N-S(=O)=O)]",
    "a carbonyl beside a hydrate or an enol that is not kept": "[OH]C=C[OH]",
    "a peroxide": "[OX2][OX2]",
    "a chain of heteroatoms": "[N,O,S;!$(*=*);!$(*~[#7]=[#7])]-[N,O;X2,X3;!$(*=*)]-[N,O;X2,X3;!$(*=*)]",
    "a gem-diol or hemiaminal": "[CX4;!$(C-C=O)]([OH])[$([OH]),$([NX3;!$(N-C=[O,S])]),n]",
    "a halide beside a heteroatom": "[CX4;!$(C(F)F)]([Cl,Br,I])[$([NX3]),$([OX2]),$([SX2]),n]",
    "an alpha-azido or aminal carbon": "[CX4](N=[N+]=[N-])[N,O,n]",
}
"""What no precursor may hold."""

# Who reacts first: groups that a step attacks although another is meant. Name: (words of the step, group).
_COMPETING: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("carbon dioxide",), "a carbonyl group beside a Grignard reagent", "[#6,O,N][CX3]=O"),
    (("Grignard", "Negishi"), "an acidic hydrogen (OH, NH) beside an organometallic reagent",
     "[OH,SH,$([NX3;H1,H2])]"),
    (("Grignard", "Claisen"), "another carbonyl group", "[CX3;!$(C(=O)[OH])](=O)[#6].[CX3](=O)[#6,H,O]"),
    (("oxidation of an alcohol", "oxidation of an aldehyde", "peracid"), "a sulfide that is oxidised as well",
     "[#6][SX2][#6]"),
    (("oxidation of an alcohol", "oxidation of an aldehyde"), "a free amine", "[NX3;H2;!$(N-C=[O,N,S]);!$(N-S(=O)=O)]"),
    (("reduction of a nitro", "reduction of a nitrile", "reduction of an azide"),
     "an alkyne or aldehyde that is reduced", "[$([CX2]#[CX2]),$([CH]=O)]"),
    (("reduction of an amide",), "another carbonyl group, nitrile or nitro group that is reduced",
     "[$([CX3](=O)[#6,O,H]),$(C#N),$([N+](=O)[O-])]"),
    (("hydrogenation", "removal of"), "a nitro group or alkyne that is reduced as well",
     "[$([N+](=O)[O-]),$([CX2]#[CX2])]"),
    (("reduction of an aldehyde", "reduction of an ester", "reduction of a nitrile"),
     "another reducible carbonyl group", "[CX3](=O)([#6,H])[#6,H].[CX3](=O)([#6,H])[#6,H]"),
    (("acyl chloride", "thionyl"), "a free amine or alcohol",
     "[$([NX3;H2,H1;!$(N-C=[O,N,S]);!$(N-S(=O)=O)]),$([OH][CX4])]"),
    (("hydrolysis of a nitrile",), "an ester or amide that is hydrolysed as well", "[CX3](=O)[O,N;!$([OH])]-[#6]"),
    (("alkylation", "methylation", "Williamson"), "a free amine or thiol that is alkylated as well",
     "[$([NX3;H2,H1;!$(N-C=[O,N,S]);!$(N-S(=O)=O);!$(N-c)]),$([SH])].[OH]"),
    (("Friedel-Crafts", "chlorosulfonation", "nitration", "bromination"), "a free amine",
     "[NX3;H2,H1;!$(N-C=[O,N,S]);!$(N-S(=O)=O)]"),
    (("Friedel-Crafts", "chlorosulfonation"), "a ring that is too poor in electrons",
     "c[$([N+](=O)[O-]),$(C#N),$(C(F)(F)F),$(S(=O)(=O))]"),
    (("removal of Boc",), "a tert-butyl ester, which is lost as well", "C(=O)OC(C)(C)C.C(=O)OC(C)(C)C"),
    (("Suzuki", "Sonogashira", "Stille", "Negishi", "Heck", "Buchwald", "cyanation", "borylation"),
     "a free thiol, which poisons palladium", "[SH]"),
    (("Negishi", "Grignard"), "a nitro group", "[N+](=O)[O-]"),
    (("Negishi", "Grignard"), "a halide next to a carbonyl group", "[CX4]([Cl,Br,I])C=O"),
    (("Negishi", "Grignard"), "a heteroatom that leaves from an organometallic reagent",
     "[Cl,Br,I][CX4][CX4][$([NX3]),$([OX2]),$([SX2]),F,Cl,Br,I]"),
    (("Negishi", "Grignard", "Stille", "Suzuki"), "an epoxide or acid halide", "[$(C1OC1),$(C(=O)[Cl,Br])]"),
    (("reductive amination",), "a second carbonyl group beside the one that is meant", "[CX3](=O)[CX3](=O)"),
    (("reductive amination",), "a leaving group that the amine displaces", "[$([CX4;H2][Br,I]),$([CX4][CX4]([Br,I]))]"),
    (("reduction of an azide",), "an alkyl azide, which can explode", "N=[N+]=[N-]"),
    (("opening of an epoxide",), "a free amine or thiol", "[$([NX3;H2,H1;!$(N-C=[O,N,S]);!$(N-S(=O)=O);!$(N-c)]),"
     "$([SH])].[$([OH]c),$([nH])]"),
    (("Schotten Baumann", "sulfon amide", "esterification", "acetylation"), "a free thiol", "[SH]"),
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One reaction of a route.

    Attributes:
        product: What it makes.
        precursors: What it is made from, each once.
        template: The reaction's name.
        origin: Where the template comes from.
        others: Distinct other products that the same template makes of the same precursors.
        conflicts: Groups that may react first, in words.
    """

    product: str
    precursors: tuple[str, ...]
    template: str
    origin: str
    others: int = 0
    conflicts: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """1 for a clean step of the published set, more for each thing that speaks against it."""
        from agent.tools.molecules.synthesis.templates import TEXTBOOK

        extra = TEXTBOOK_COST if self.origin == TEXTBOOK else 0.0
        trouble = len(self.conflicts) * (len(self.conflicts) + 1) / 2  # each further conflict weighs more
        return 1.0 + SIDE_PRODUCT_COST * self.others + CONFLICT_COST * trouble + extra


@dataclass
class Tally:
    """How many proposals were judged, and why some were refused."""

    proposed: int = 0
    not_given_back: int = 0
    unselective: int = 0
    implausible: int = 0


def steps_to(smiles: str, tally: Tally, available: Callable[[str], object] | None = None) -> list[Step]:
    """The ways to make a molecule in one step, the cheapest first.

    Args:
        smiles: Its canonical SMILES.
        tally: Counts what was refused.
        available: Whether a molecule can be had: an organic bromide that cannot be is replaced by the chloride or
            iodide that can, where the reaction takes it.
    """
    from rdkit import Chem

    quiet_rdkit()
    mol = Chem.MolFromSmiles(smiles)
    best: dict[tuple[str, ...], Step] = {}
    for template in templates():
        for proposed in _proposals(template, mol):
            precursors = _with_halides(template, proposed, smiles, available) if available else proposed
            tally.proposed += 1
            if smiles in precursors or any(_strained(one) for one in precursors):
                tally.implausible += 1
                continue
            others = _other_products(template, precursors, smiles)
            if others is None:
                tally.not_given_back += 1
            elif others > MOST_OTHERS:
                tally.unselective += 1
            else:
                found = Step(
                    smiles, precursors, template.name, template.origin, others, _conflicts(template.name, precursors)
                )
                if precursors not in best or found.cost < best[precursors].cost:
                    best[precursors] = found
    return sorted(best.values(), key=lambda step: (step.cost, step.precursors))


def _proposals(template: Template, mol: Mol) -> Iterator[tuple[str, ...]]:
    """Precursors that a template proposes, each set once, as canonical SMILES."""
    from rdkit import Chem

    seen = set()
    limit = mol.GetNumHeavyAtoms() + 8
    for outcome in template.backward.RunReactants((mol,), maxProducts=MOST_OUTCOMES):
        made = []
        for one in outcome:
            clean = _clean(one)
            if clean is None or "." in clean or Chem.MolFromSmiles(clean).GetNumHeavyAtoms() > limit:
                break
            made.append(clean)
        else:
            key = tuple(sorted(made))
            if key not in seen:
                seen.add(key)
                yield key


def _with_halides(
    template: Template, precursors: tuple[str, ...], wanted: str, available: Callable[[str], object]
) -> tuple[str, ...]:
    """The same precursors, or with another halogen in the place of a bromine that leaves."""
    for place, one in enumerate(precursors):
        if "Br" not in one or one in ("Br", "BrBr") or available(one):
            continue
        mol = _parsed(one)
        for number in (17, 53):
            for atom in mol.GetAtoms():
                if atom.GetAtomicNum() != 35:
                    continue
                atom.SetAtomicNum(number)
                other = _written(mol)
                atom.SetAtomicNum(35)
                changed = tuple(sorted((*precursors[:place], other, *precursors[place + 1 :])))
                if available(other) and _other_products(template, changed, wanted) is not None:
                    return changed
    return precursors


def _written(mol: Mol) -> str:
    from rdkit import Chem

    return Chem.MolToSmiles(mol)


def _other_products(template: Template, precursors: tuple[str, ...], wanted: str) -> int | None:
    """How many other products the template makes of these precursors; nothing if it does not make the wanted one."""
    reaction = template.forward
    mols = [_parsed(one) for one in precursors]
    places = reaction.GetNumReactantTemplates()
    flat = _flat(wanted)
    products: dict[str, float | None] = {}
    directed = template.name in SUBSTITUTIONS
    fits = [[mol for mol in mols if mol.HasSubstructMatch(reaction.GetReactantTemplate(k))] for k in range(places)]
    for chosen in product(*fits):
        for outcome in reaction.RunReactants(chosen, maxProducts=MOST_OUTCOMES):
            site = _entered(outcome[0]) if directed else None
            score = None if site is None else position_score(chosen[0], site)
            clean = _clean(outcome[0])
            if clean is not None and not (site is not None and is_poor(chosen[0], site)):
                products[_flat(clean)] = score
                if not directed and len(products) > MOST_OTHERS + 1 and flat in products:
                    return MOST_OTHERS + 1
    if flat not in products:
        return None
    rivals = products.keys() - {flat} - {_flat(one) for one in precursors}
    mine = products[flat]
    if mine is None:
        return len(rivals)
    judged = [0.0 if (score := products[one]) is None else score - mine for one in rivals]
    if any(ahead > ALIKE for ahead in judged):
        return MOST_OTHERS + 1  # the electrophile goes elsewhere
    return sum(ahead >= -ALIKE for ahead in judged)


def _entered(outcome: Mol) -> int | None:
    """The atom of the arene that an electrophile took in one outcome of a template."""
    for atom in outcome.GetAtoms():
        if atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") == 1 and atom.HasProp("react_atom_idx"):
            return atom.GetIntProp("react_atom_idx")
    return None


def _clean(mol: Mol) -> str | None:
    """The canonical SMILES of what a reaction left, or nothing if it is no molecule.

    Hydrogens that a pattern counts on one of its alternatives are counted anew; only on aromatic nitrogen, where they
    say which tautomer is meant, are they kept if they fit.
    """
    from rdkit import Chem

    kept = []
    for atom in map(mol.GetAtomWithIdx, range(mol.GetNumAtoms())):
        number = atom.GetAtomicNum()
        if number == 0:
            return None
        atom.SetAtomMapNum(0)
        if number == 7 and atom.GetIsAromatic():
            kept.append(atom.GetIdx())
        else:
            _count_anew(atom)
    for way in (mol, Chem.RWMol(mol)):
        if way is not mol:
            for place in kept:
                _count_anew(way.GetAtomWithIdx(place))
        if Chem.SanitizeMol(way, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
            found = _read_again(Chem.MolToSmiles(way))
            if found is not None:
                return found
    return None


@lru_cache(maxsize=20_000)
def _read_again(smiles: str) -> str | None:
    """The canonical SMILES of a SMILES that was just written, or nothing if it is a radical or cannot be read."""
    from rdkit import Chem
    from rdkit.Chem import Descriptors

    again = Chem.MolFromSmiles(smiles)
    if again is None or Descriptors.NumRadicalElectrons(again):
        return None
    return Chem.MolToSmiles(again)


def _count_anew(atom) -> None:
    atom.SetNoImplicit(False)
    atom.SetNumExplicitHs(0)
    atom.SetNumRadicalElectrons(0)


@lru_cache(maxsize=20_000)
def _flat(smiles: str) -> str:
    """What two molecules share that differ in stereochemistry or in where a hydrogen sits among heteroatoms."""
    from rdkit import Chem
    from rdkit.Chem import rdMolHash

    mol = _parsed(smiles)
    Chem.RemoveStereochemistry(mol)
    return rdMolHash.MolHash(mol, rdMolHash.HashFunction.HetAtomTautomer)


@cache
def _patterns() -> dict[str, Mol]:
    from rdkit import Chem

    texts = {*_STRAINED.values(), *(group for _, _, group in _COMPETING)}
    return {text: Chem.MolFromSmarts(text) for text in texts}


def _parsed(smiles: str) -> Mol:
    from rdkit import Chem

    return Chem.MolFromSmiles(smiles)


@lru_cache(maxsize=20_000)
def _strained(smiles: str) -> bool:
    mol = _parsed(smiles)
    return any(mol.HasSubstructMatch(_patterns()[text]) for text in _STRAINED.values())


def _conflicts(name: str, precursors: tuple[str, ...]) -> tuple[str, ...]:
    mols = [_parsed(one) for one in precursors]
    return tuple(
        told
        for words, told, group in _COMPETING
        if any(word in name for word in words) and any(mol.HasSubstructMatch(_patterns()[group]) for mol in mols)
    )
