"""Textbook reactions beside the published template set, written backwards: one product to its precursors.

Each is a transformation of the teaching literature (J. Clayden, N. Greeves, S. Warren, Organic Chemistry, 2nd ed.,
Oxford 2012; M. B. Smith, March's Advanced Organic Chemistry, 8th ed., Wiley 2020; rings also: J. A. Joule, K. Mills,
Heterocyclic Chemistry, 5th ed., Wiley 2010), written for this project. The pattern of the product is complete, so that
reading it forwards gives the reaction back; ``[Cl,Br,I]`` in a precursor is any of them forwards and bromine backwards.
Pure data; `heterocycles` and `bonds` hold the newer families.
"""

from __future__ import annotations

from agent.tools.molecules.synthesis.bonds import BONDS
from agent.tools.molecules.synthesis.heterocycles import HETEROCYCLES

TRANSFORMS: dict[str, str] = {
    # esters and anhydride chemistry
    "acetylation of a phenol (acetic anhydride)":
        "[CH3:1][C:2](=[O:3])[O:4][c:5]>>[CH3:1][C:2](=[O:3])OC(C)=O.[OH:4][c:5]",
    "esterification of a phenol (acyl chloride)":
        "[#6:1][C;!$(C(=O)(O)[N,O,S]):2](=[O:3])[O:4][c:5]>>[#6:1][C:2](=[O:3])Cl.[OH:4][c:5]",
    "Fischer esterification":
        "[#6:1][C:2](=[O:3])[O;R0:4][CX4;H2,H3:5]>>[#6:1][C:2](=[O:3])O.[OH:4][C:5]",
    "hydrolysis of an ester": "[#6:1][C:2](=[O:3])[OH:4]>>[#6:1][C:2](=[O:3])[O:4]C",
    "hydrolysis of a nitrile": "[#6:1][C:2](=O)[OH]>>[#6:1][C:2]#N",
    "acyl chloride from an acid": "[#6:1][C:2](=[O:3])Cl>>[#6:1][C:2](=[O:3])O",
    # amines and amides
    "acetylation of an amine (acetic anhydride)":
        "[CH3:1][C:2](=[O:3])[NX3;H1:4][#6;!$(C=[O,N,S]):5]>>[CH3:1][C:2](=[O:3])OC(C)=O.[NH2:4][#6:5]",
    "primary amide from an acid (ammonia)": "[#6:1][C:2](=[O:3])[NH2:4]>>[#6:1][C:2](=[O:3])O.[NH3:4]",
    "primary sulfonamide from a sulfonyl chloride (ammonia)":
        "[#6:1][S:2](=[O:3])(=[O:4])[NH2:5]>>[#6:1][S:2](=[O:3])(=[O:4])Cl.[NH3:5]",
    "reduction of a nitro group": "[c:1][NH2+0:2]>>[c:1][N+:2](=O)[O-]",
    "reduction of a nitrile to an amine": "[#6;!$(C=[O,N,S]):1][CH2:2][NH2:3]>>[#6:1][C:2]#[N:3]",
    "reduction of an azide": "[CX4:1][NH2:2]>>[CX4:1][N:2]=[N+]=[N-]",
    "removal of Boc":
        "[NX3;H1,H2;!$(N-C=[O,N,S]);!$(N-S(=O)=O);!$(N-[N,O]);$(N-[CX4]):1]>>[N:1]C(=O)OC(C)(C)C",
    "N-alkylation":
        "[NX3;H0;!$(N-C=[N,S]);!$(N-[N,O]):1][CH2;!$(C-[O,S]);!$(C(N)N):2][#6:3]>>[NH:1].[Cl,Br,I][CH2:2][#6:3]",
    "N-methylation (iodomethane)": "[NX3;H0;!$(N-[N,O]):1]([#6:2])[CH3:3]>>[NH:1][#6:2].I[CH3:3]",
    "hydrazine from an aniline (diazotisation, reduction)": "[c:1][NH:2][NH2]>>[c:1][NH2:2]",
    # ethers, alcohols, carbonyls
    "O-methylation of a phenol (iodomethane)": "[c:1][O:2][CH3:3]>>[c:1][OH:2].I[CH3:3]",
    "reduction of an aldehyde or ketone": "[#6:1][CX4;H1,H2:2][OH:3]>>[#6:1][C:2]=[O:3]",
    "reduction of an ester": "[#6;!$(C=[O,N,S]):1][CH2:2][OH:3]>>[#6:1][C:2](=O)[O:3]C",
    "oxidation of an alcohol": "[#6:1][C;H1,$(C([#6])[#6]);!$(C-[O,N,S]):2]=[O:3]>>[#6:1][C:2][O:3]",
    "oxidation of an aldehyde": "[#6:1][CH0:2](=[O:3])[OH]>>[#6:1][CH:2]=[O:3]",
    "oxidation of a sulfide to a sulfone": "[#6:1][S:2](=O)(=O)[#6:3]>>[#6:1][S:2][#6:3]",
    "aryl methyl sulfone from a sulfinate": "[c:1][S:2](=[O:3])(=[O:4])[CH3:5]>>[c:1][S:2](=[O:3])[OH:4].I[CH3:5]",
    # carbon-carbon bonds
    "Claisen condensation":
        "[#6:1][C:2](=[O:3])[CH2:4][C:5](=[O:6])[#6:7]>>[#6:1][C:2](=[O:3])[CH3:4].[#6:7][C:5](=[O:6])OCC",
    "aldol condensation":
        "[#6:1][C:2](=[O:3])[C:4]=[CH:5][#6:6]>>[#6:1][C:2](=[O:3])[CX4;H2,H3:4].O=[CH:5][#6:6]",
    "Friedel-Crafts acylation":
        "[c;$(c1ccccc1),$(c1cccs1),$(c1ccco1):1][C:2](=[O:3])[#6;!$([#6]=O):4]>>[cH:1].Cl[C:2](=[O:3])[#6:4]",
    "Grignard reagent and carbon dioxide": "[c:1][C:2](=[O:3])[OH:4]>>[c:1]Br.[C:2](=[O:3])=[O:4]",
    "cyanation of an aryl bromide": "[c:1][C+0:2]#[N:3]>>[c:1]Br.[C-:2]#[N+0:3]",
    "alkylation of an arylacetonitrile":
        "[N:1]#[C:2][CX4;H0,H1;$(C-c):3][CX4;H1,H2,H3;!$(C-[N,O,S]):4]>>[N:1]#[C:2][C;!H0:3].[Cl,Br,I][C:4]",
    "nitrile from an alkyl halide": "[CX4;H2;!$(C-[N,O,S]):2][C+0:3]#[N:4]>>[C:2][Cl,Br,I].[C-:3]#[N+0:4]",
    "Miyaura borylation": "[c:1]B([OH:2])[OH:3]>>[c:1]Br.B([OH:2])[OH:3]",
    # rings and halogens
    "chlorosulfonation": "[c:1][S:2](=[O:3])(=[O:4])[Cl:5]>>[cH:1].O[S:2](=[O:3])(=[O:4])[Cl:5]",
    "aromatic bromination": "[c:1][Br:2]>>[cH:1].Br[Br:2]",
    "benzylic bromination": "[c:1][CH2:2][Br:3]>>[c:1][CH3:2].Br[Br:3]",
    "alcohol to bromide": "[CX4;H1,H2:1][Br:2]>>[CX4:1]O.[BrH:2]",
    "nitration": "[c:1][N+:2](=[O:3])[O-:4]>>[cH:1].O[N+:2](=[O:3])[O-:4]",
    **BONDS,
    **HETEROCYCLES,
}  # fmt: skip
"""Backward reaction SMARTS by name: product >> precursors."""
