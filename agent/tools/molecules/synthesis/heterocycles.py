"""Textbook syntheses of rings, backwards (see `transforms`). Pure data."""

from __future__ import annotations

HETEROCYCLES: dict[str, str] = {
    "imidazo[1,2-a]pyridine from an aminopyridine":
        "[c:1]1[c:2][n:3][c:4][n:5]1>>[C:1](=O)[C;H1,H2:2]Br.[n;H0:3]:[c:4][NH2:5]",
    "pyrimidine from a 1,3-dicarbonyl compound":
        "[c:1]1[c:2][c:3][n:4][c:5][n:6]1>>[C:1](=O)[CX4;!H0:2][C:3]=O.[NH2:4][C:5]=[NH:6]",
    "pyrimidinone from a beta-keto ester":
        "[c:1]1[c:2][c:3](=[O:7])[nH:4][c:5][n:6]1>>[C:1](=O)[CX4;!H0:2][C:3](=[O:7])OC.[NH2:4][C:5]=[NH:6]",
    "2,4-diaminopyrimidine from a formyl nitrile":
        "[c:1]1([NH2:2])[c:3][cH:4][n:5][c:6]([NH2:8])[n:7]1"
        ">>[C:1](#[N:2])[CX4;!H0:3][CH:4]=O.[NH2:5][C:6]([NH2:8])=[NH:7]",
    "isoxazole from a 1,3-dicarbonyl compound":
        "[c:1]1[c:2][c:3][o:4][n:5]1>>[C:1](=O)[CX4;!H0:2][C:3]=O.[NH2:5][OH:4]",
    "1,4-benzodiazepin-2-one from an aminobenzophenone":
        "[c:1]1:[c:2]-[C:3]=[N:4]-[C:5]-[C:6](=[O:7])-[N:8]-1"
        ">>[c:1]([NX3;!H0:8]):[c:2][C:3]=O.[NH2:4][CX4;!H0:5][C:6](=[O:7])O",
    "Hantzsch dihydropyridine":
        "[C:1]1=[C:2]([C:3]=[O:4])[C:5][C:6]([C:7]=[O:8])=[C:9][NH:10]1"
        ">>[CH:5]=O.O=[C:9][CX4;H2:6][C:7]=[O:8].[NH2:10][C:1]=[CH:2][C:3]=[O:4]",
    "enamine of a beta-dicarbonyl compound (ammonia)":
        "[NH2:1][C:2]=[CH:3][C:4]=[O:5]>>[NH3:1].O=[C:2][CX4;H2:3][C:4]=[O:5]",
    "2-aminobenzothiazole from an aniline (thiocyanate and bromine)":
        "[c:1]1[c:2][n:3][c:4]([NH2:5])[s:6]1>>[cH:1]:[c:2][NH2:3].[N:5]#[C:4][SH:6]",
    "oxazolidinone from an amino alcohol (phosgene equivalent)":
        "[N:1]1[C:2](=[O:3])[O:4][C:5][C:6]1>>[NX3;!H0:1][C:6][C:5][OH:4].Cl[C:2](=[O:3])Cl",
    "cyclic amidine from a lactam (phosphoryl chloride)":
        "[C;R:1](=[N:2][c:4])[NX3;!$(N-C=O):3]>>[C;R:1](=O)[NH:2][c:4].[NX3;!H0;!$(N-C=[O,S,N]):3]",
    "2-aminothiazole from an alpha-halo ketone":
        "[c:1]1[c:2][s:3][c:4]([N:5])[n:6]1>>[C:1](=O)[C;H1,H2:2][Cl,Br,I].[S:3]=[C:4]([N:5])[NH2:6]",
}  # fmt: skip
"""Backward reaction SMARTS by name."""
