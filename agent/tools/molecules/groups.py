"""Named groups: what people call a substructure, English and Korean, and the SMARTS that finds it. Pure data."""

from __future__ import annotations

import re
from functools import cache

GROUPS: dict[str, str] = {
    # --- acids and their relatives ---
    "carboxylic acid": "[CX3](=O)[OX2H1,OX1-]",
    "ester": "[#6][CX3](=O)[OX2H0][#6]",
    "lactone": "[#6;R][CX3;R](=O)[OX2H0;R][#6;R]",
    "amide": "[NX3][CX3](=[OX1])[#6,#1]",
    "primary amide": "[NX3H2][CX3](=[OX1])[#6]",
    "lactam": "[#6;R][CX3;R](=O)[NX3;R]",
    "anhydride": "[CX3](=O)[OX2][CX3]=O",
    "acyl halide": "[CX3](=O)[F,Cl,Br,I]",
    "hydroxamic acid": "[CX3](=O)[NX3][OX2H]",
    "carbamate": "[NX3][CX3](=[OX1])[OX2H0]",
    "urea": "[NX3][CX3](=[OX1])[NX3]",
    "thiourea": "[NX3][CX3](=[SX1])[NX3]",
    "imide": "[CX3](=[OX1])[NX3][CX3]=[OX1]",
    "acyl": "[#6][CX3](=O)[#6]",
    # --- sulfur ---
    "sulfonamide": "[SX4](=[OX1])(=[OX1])[NX3]",
    "primary sulfonamide": "[SX4](=[OX1])(=[OX1])[NX3H2]",
    "sulfone": "[#6][SX4](=[OX1])(=[OX1])[#6]",
    "methylsulfone": "[CH3][SX4](=[OX1])(=[OX1])[#6]",
    "sulfoxide": "[#6][SX3](=[OX1])[#6]",
    "sulfonic acid": "[SX4](=[OX1])(=[OX1])[OX2H1,OX1-]",
    "thioether": "[#6;!$(C=[O,N,S])][SX2][#6;!$(C=[O,N,S])]",
    "thiol": "[#6][SX2H]",
    "disulfide": "[#16X2][#16X2]",
    "sulfonylurea": "[SX4](=O)(=O)[NX3][CX3](=O)[NX3]",
    # --- oxygen ---
    "alcohol": "[CX4][OX2H]",
    "phenol": "[c][OX2H]",
    "hydroxyl": "[#6;!$(C=O)][OX2H]",
    "ether": "[#6;!$(C=[O,N,S])][OX2][#6;!$(C=[O,N,S])]",
    "methoxy": "[OX2][CH3]",
    "ketone": "[#6][CX3](=O)[#6]",
    "aldehyde": "[CX3H1](=O)[#6]",
    "epoxide": "[OX2r3]1[#6r3][#6r3]1",
    "peroxide": "[OX2][OX2]",
    "acetal": "[CX4]([OX2H0])[OX2H0]",
    "carbonyl": "[CX3]=[OX1]",
    "catechol": "c([OH])c[OH]",
    # --- nitrogen ---
    "amine": "[NX3;!$(N-C=[O,S,N]);!$(N-S(=O)=O);!$(N-C#N);!$(N-[N,O])][#6]",
    "primary amine": "[NX3H2;!$(N-C=[O,S,N]);!$(N-S(=O)=O)][#6]",
    "secondary amine": "[NX3H1;!$(N-C=[O,S,N]);!$(N-S(=O)=O)]([#6])[#6]",
    "tertiary amine": "[NX3H0;!$(N-C=[O,S,N]);!$(N-S(=O)=O)]([#6])([#6])[#6]",
    "chlorophenyl": "Clc1ccccc1",
    "fluorophenyl": "Fc1ccccc1",
    "bromophenyl": "Brc1ccccc1",
    "aniline": "[NX3;!$(N-C=O);!$(N-S(=O)=O)]c",
    "primary aniline": "[NX3H2]c",
    "quaternary ammonium": "[NX4+]([#6])([#6])([#6])[#6]",
    "nitro": "[$([NX3](=O)=O),$([NX3+](=O)[O-])]",
    "nitroso": "[#6][NX2]=[OX1]",
    "nitrile": "[CX2]#[NX1]",
    "azide": "[$([NX1-]=[NX2+]=[NX2]),$([NX2]=[N+]=[N-]),$([NX2]-[NX2+]#[NX1])]",
    "azo": "[#6][NX2]=[NX2][#6]",
    "hydrazine": "[NX3][NX3]",
    "hydrazone": "[CX3]=[NX2][NX3]",
    "imine": "[CX3]=[NX2][#6,#1]",
    "oxime": "[CX3]=[NX2][OX2]",
    "amidine": "[CX3](=[NX2])[NX3]",
    "guanidine": "[NX3][CX3](=[NX2])[NX3]",
    "isocyanate": "[NX2]=[CX2]=[OX1]",
    "isothiocyanate": "[NX2]=[CX2]=[SX1]",
    # --- halogens and carbon ---
    "halogen": "[F,Cl,Br,I]",
    "fluorine": "[F]",
    "chlorine": "[Cl]",
    "bromine": "[Br]",
    "iodine": "[I]",
    "trifluoromethyl": "[CX4](F)(F)F",
    "difluoromethyl": "[CX4H1](F)F",
    "alkyl halide": "[CX4][Cl,Br,I]",
    "aryl halide": "[c][F,Cl,Br,I]",
    "methyl": "[CH3]",
    "tert-butyl": "[CX4]([CH3])([CH3])[CH3]",
    "isopropyl": "[CX4H1]([CH3])[CH3]",
    "alkene": "[CX3]=[CX3]",
    "alkyne": "[CX2]#[CX2]",
    "michael acceptor": "[CX3]=[CX3][$([CX3]=[OX1]),$([CX2]#N),$([SX4](=O)=O),$([NX3+](=O)[O-])]",
    "phosphate": "[PX4](=[OX1])([OX2,OX1-])([OX2,OX1-])[OX2,OX1-]",
    "phosphonate": "[#6][PX4](=[OX1])([OX2,OX1-])[OX2,OX1-]",
    "boronic acid": "[#6][BX3]([OX2H])[OX2H]",
    # --- rings ---
    "aromatic ring": "a1aaaaa1",
    "phenyl": "c1ccccc1",
    "pyridine": "c1ccncc1",
    "pyrimidine": "c1cncnc1",
    "pyrazine": "c1cnccn1",
    "pyridazine": "c1ccnnc1",
    "pyrazole": "c1cnnc1",
    "imidazole": "c1cncn1",
    "triazole": "[$(c1cnnn1),$(c1ncnn1),$(n1cnnc1)]",
    "tetrazole": "c1nnnn1",
    "thiophene": "c1ccsc1",
    "thiazole": "c1cscn1",
    "oxazole": "c1cocn1",
    "isoxazole": "c1conc1",
    "oxadiazole": "[$(c1nocn1),$(c1nnco1)]",
    "furan": "c1ccoc1",
    "pyrrole": "c1ccnc1",
    "indole": "c1ccc2c(c1)ccn2",
    "indazole": "c1ccc2c(c1)cnn2",
    "benzimidazole": "c1ccc2c(c1)ncn2",
    "quinoline": "c1ccc2c(c1)cccn2",
    "isoquinoline": "c1ccc2c(c1)ccnc2",
    "quinazoline": "c1ccc2c(c1)cncn2",
    "naphthalene": "c1ccc2ccccc2c1",
    "purine": "c1ncc2c(n1)ncn2",
    "benzofuran": "c1ccc2c(c1)cco2",
    "benzothiophene": "c1ccc2c(c1)ccs2",
    "benzoxazole": "c1ccc2c(c1)nco2",
    "benzothiazole": "c1ccc2c(c1)ncs2",
    "azaindole": "[$(c1cnc2c(c1)ccn2),$(c1nccc2c1ccn2),$(c1cncc2c1ccn2),$(c1ccnc2c1ncc2)]",
    "7-azaindole": "c1cnc2c(c1)ccn2",
    "pyrrolopyrimidine": "c1ncc2c(n1)ncc2",
    "pyrazolopyrimidine": "[$(c1ncc2c(n1)nnc2),$(c1ncc2c(n1)cnn2),$(c1cnc2ccnn2c1)]",
    "pyrazolopyrimidinone": "[$(O=c1ncnc2c1nnc2),$(O=c1ncnc2c1cnn2)]",
    "aminopyrimidine": "[NX3;!$(N-C=O)]c1ncccn1",
    "aminopyridine": "[NX3;!$(N-C=O)]c1ccccn1",
    "aminothiazole": "[NX3;!$(N-C=O)]c1nccs1",
    "pyridone": "O=c1ccccn1",
    "quinolone": "O=c1ccnc2ccccc12",
    "quinazolinone": "O=c1ncnc2ccccc12",
    "phthalazinone": "O=c1nncc2ccccc12",
    "oxindole": "O=C1Cc2ccccc2N1",
    "hydantoin": "O=C1CNC(=O)N1",
    "glutarimide": "O=C1CCCC(=O)N1",
    "coumarin": "O=c1ccc2ccccc2o1",
    "chromone": "O=c1ccoc2ccccc12",
    "carbazole": "c1ccc2c(c1)[nX3]c1ccccc12",
    "acridine": "c1ccc2nc3ccccc3cc2c1",
    "phenothiazine": "c1ccc2c(c1)Nc1ccccc1S2",
    "benzodiazepine": "[$(C1=NCCNc2ccccc12),$(C1=NCC(=O)Nc2ccccc12)]",
    "tetrahydroisoquinoline": "C1CNCc2ccccc12",
    "tetrahydropyran": "C1CCOCC1",
    "tetrahydrofuran": "C1CCOC1",
    "oxetane": "C1COC1",
    "thiomorpholine": "C1CSCCN1",
    "azepane": "C1CCCNCC1",
    "biphenyl": "c1ccc(cc1)-c1ccccc1",
    "biaryl": "a!@-a",
    "benzyl": "[CH2]c1ccccc1",
    "vinyl sulfone": "C=CS(=O)(=O)[#6]",
    "acrylamide": "[CX3]=[CX3]C(=O)N",
    "rhodanine": "O=C1CSC(=S)N1",
    "quinone": "[$(O=C1C=CC(=O)C=C1),$(O=C1C=CC(=O)c2ccccc12),$(O=C1C(=O)C=CC=C1)]",
    "piperidine": "C1CCNCC1",
    "piperazine": "C1CNCCN1",
    "morpholine": "C1COCCN1",
    "pyrrolidine": "C1CCNC1",
    "azetidine": "C1CNC1",
    "cyclopropyl": "C1CC1",
    "cyclohexyl": "C1CCCCC1",
    "beta-lactam": "C1C(=O)NC1",
    "steroid": "C1CCC2C(C1)CCC1C2CCC2CCCC12",
}
"""SMARTS by group name. A name finds the group wherever it stands; rings may be fused and substituted."""

_OTHER_NAMES: dict[str, str] = {
    "carboxyl": "carboxylic acid", "carboxylate": "carboxylic acid", "acid": "carboxylic acid",
    "cooh": "carboxylic acid", "carboxamide": "amide", "sulphonamide": "sulfonamide", "sulfamoyl": "sulfonamide",
    "so2nh2": "primary sulfonamide", "sulphone": "sulfone", "sulfonyl": "sulfone", "methylsulfonyl": "methylsulfone",
    "mesyl": "methylsulfone", "sulfide": "thioether", "hydroxy": "hydroxyl", "oh": "hydroxyl", "amino": "amine",
    "aromatic amine": "aniline", "aryl amine": "aniline", "aniline nh2": "primary aniline",
    "aniline nh": "aniline", "arylamine": "aniline",
    "cyano": "nitrile", "cn": "nitrile", "nitrile group": "nitrile", "nitroaromatic": "nitro", "no2": "nitro",
    "cf3": "trifluoromethyl", "chf2": "difluoromethyl", "fluoro": "fluorine", "chloro": "chlorine",
    "bromo": "bromine", "iodo": "iodine", "halide": "halogen", "halo": "halogen", "t-butyl": "tert-butyl",
    "tbu": "tert-butyl", "olefin": "alkene", "double bond": "alkene", "acetylene": "alkyne", "benzene": "phenyl",
    "benzene ring": "phenyl", "phenyl ring": "phenyl", "arene": "aromatic ring", "aryl": "aromatic ring",
    "oxirane": "epoxide", "cyclopropane": "cyclopropyl", "cyclohexane": "cyclohexyl", "β-lactam": "beta-lactam",
    "카복실산": "carboxylic acid", "카르복실산": "carboxylic acid", "카르복시산": "carboxylic acid",
    "에스터": "ester", "에스테르": "ester", "아마이드": "amide", "아미드": "amide", "락톤": "lactone",
    "락탐": "lactam", "우레아": "urea", "요소": "urea", "카바메이트": "carbamate", "설폰아마이드": "sulfonamide",
    "설폰아미드": "sulfonamide", "술폰아미드": "sulfonamide", "술폰아마이드": "sulfonamide", "설폰": "sulfone",
    "술폰": "sulfone", "설폭사이드": "sulfoxide", "티올": "thiol", "싸이올": "thiol", "알코올": "alcohol",
    "알콜": "alcohol", "페놀": "phenol", "하이드록실": "hydroxyl", "히드록시": "hydroxyl", "수산기": "hydroxyl",
    "에터": "ether", "에테르": "ether", "메톡시": "methoxy", "케톤": "ketone", "알데하이드": "aldehyde",
    "알데히드": "aldehyde", "에폭사이드": "epoxide", "에폭시드": "epoxide", "과산화물": "peroxide", "아민": "amine",
    "아미노": "amine", "아닐린": "aniline", "일차 아민": "primary amine", "이차 아민": "secondary amine",
    "삼차 아민": "tertiary amine", "나이트로": "nitro", "니트로": "nitro", "나이트릴": "nitrile",
    "니트릴": "nitrile", "시아노": "nitrile", "아자이드": "azide", "아조": "azo", "할로겐": "halogen",
    "할로젠": "halogen", "방향족 아민": "aniline",
    "플루오린": "fluorine", "불소": "fluorine", "염소": "chlorine", "브로민": "bromine", "브롬": "bromine",
    "아이오딘": "iodine", "요오드": "iodine", "트라이플루오로메틸": "trifluoromethyl",
    "트리플루오로메틸": "trifluoromethyl", "메틸": "methyl", "페닐": "phenyl", "벤젠": "phenyl",
    "벤젠고리": "phenyl", "방향족 고리": "aromatic ring", "피리딘": "pyridine", "피리미딘": "pyrimidine",
    "피라졸": "pyrazole", "이미다졸": "imidazole", "트라이아졸": "triazole", "트리아졸": "triazole",
    "테트라졸": "tetrazole", "싸이오펜": "thiophene", "티오펜": "thiophene", "티아졸": "thiazole",
    "옥사졸": "oxazole", "퓨란": "furan", "푸란": "furan", "피롤": "pyrrole", "인돌": "indole",
    "퀴놀린": "quinoline", "나프탈렌": "naphthalene", "퓨린": "purine", "푸린": "purine", "피페리딘": "piperidine",
    "피페라진": "piperazine", "모르폴린": "morpholine", "모폴린": "morpholine", "피롤리딘": "pyrrolidine",
    "스테로이드": "steroid",
}  # fmt: skip

_TAIL = re.compile(r"\s*(?:functional group|group|moiety|ring|substituent|작용기|기|고리)s?$")


@cache
def substructure_pattern(name: str) -> str | None:
    """The SMARTS of a group that is called by name.

    Args:
        name: For instance ``sulfonamide``, ``nitro groups``, ``CF3`` or ``카복실산``; case and plural do not matter.

    Returns:
        The SMARTS, or ``None`` if no group has that name.
    """
    wanted = re.sub(r"\s+", " ", name.strip().lower())
    tries = [wanted, _TAIL.sub("", wanted)]
    tries += [word[:-1] for word in tries if word.endswith("s")]
    tries += [word[:-3] + "y" for word in tries if word.endswith("ies")]
    for word in tries:
        found = _OTHER_NAMES.get(word, word)
        if found in GROUPS:
            return GROUPS[found]
    return None


def group_name(smarts: str) -> str:
    """What people call a pattern: the name of the group that it finds, else the pattern itself."""
    return next((name for name, pattern in GROUPS.items() if pattern == smarts), smarts)
