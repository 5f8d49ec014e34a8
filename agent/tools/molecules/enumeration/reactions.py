"""Named reactions for libraries, as SMARTS of two reactants and one product. Pure data, written for this project.

Each is a robust, much used reaction of medicinal chemistry (D. G. Brown, J. Boström, J. Med. Chem. 2016, 59, 4443). A
pattern says which groups react, not whether the reaction works on a given pair.
"""

from __future__ import annotations

REACTIONS: dict[str, str] = {
    "amide coupling": (
        "[C:1](=[O:2])[OX2H1].[NX3;H1,H2;!$(N-C=[O,S,N]);!$(N-S(=O)=O);!$(N-[N,O]):3]>>[C:1](=[O:2])[N:3]"
    ),
    "sulfonamide formation": (
        "[SX4:1](=[O:2])(=[O:3])[Cl,F].[NX3;H1,H2;!$(N-C=[O,S,N]);!$(N-S(=O)=O):4]>>[S:1](=[O:2])(=[O:3])[N:4]"
    ),
    "urea formation": "[N:1]=[C:2]=[O:3].[NX3;H1,H2;!$(N-C=[O,S,N]):4]>>[N:1][C:2](=[O:3])[N:4]",
    "Suzuki coupling": "[c:1][Br,I].[c:2]B([OH])[OH]>>[c:1][c:2]",
    "Buchwald-Hartwig amination": "[c:1][Br,I,Cl].[NX3;H1,H2;!$(N-C=[O,S,N]);!$(N-S(=O)=O):2]>>[c:1][N:2]",
    "reductive amination": "[CX3;H1:1](=O)[#6:2].[NX3;H1,H2;!$(N-C=[O,S,N]);!$(N-S(=O)=O):3]>>[C:1]([#6:2])[N:3]",
    "SNAr": (
        "[c;$(c1[n]cccc1),$(c1[n]c[n]cc1),$(c1cc[n]cc1),$(c1[n]cc[n]c1):1][F,Cl].[NX3;H1,H2;!$(N-C=O):2]>>[c:1][N:2]"
    ),
    "ether formation": "[OX2H1;$(O-c):1].[CX4;H1,H2:2][Br,I,Cl]>>[O:1][C:2]",
    "N-alkylation": "[NX3;H1;!$(N-C=[O,S,N]);!$(N-S(=O)=O):1].[CX4;H2:2][Br,I,Cl]>>[N:1][C:2]",
    "esterification": "[C:1](=[O:2])[OX2H1].[OX2H1;$(O-[CX4]):3]>>[C:1](=[O:2])[O:3]",
    "click (1,4-triazole)": "[C:1]#[CH:2].[N:3]=[N+:4]=[N-:5]>>[c:1]1[cH:2][n:3][n:4][n:5]1",
}  # fmt: skip
"""Reaction SMARTS by name."""
