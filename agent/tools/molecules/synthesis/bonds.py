"""Textbook reactions that join chains and groups, backwards (see `transforms`): epoxides, substitutions, enolates, urea
chemistry, exchanges of one group for another. Pure data.
"""

from __future__ import annotations

_AMINE = "NX3;!$(N-C=[O,S,N]);!$(N-C#N);!$(N-S(=O)=O);!$(N-[N,O])"
"""An amine or aniline, by what it is not."""

_POOR = (
    "$(c1n[c,n][c,n][c,n][c,n]1),$(c1[c,n][c,n]n[c,n][c,n]1),"
    "$(c1c([$([#6]=O),$(C#N),$(S(=O)=O),$([N+]=O)])cccc1),$(c1ccc([$([#6]=O),$(C#N),$(S(=O)=O),$([N+]=O)])cc1)"
)
"""A ring carbon that a nucleophile attacks: 2 or 4 of an azine, or ortho or para to an acceptor."""

_AZINE = "$(c1n[c,n][c,n][c,n][c,n]1),$(c1[c,n][c,n]n[c,n][c,n]1)"

BONDS: dict[str, str] = {
    # epoxides
    "opening of an epoxide by an amine":
        f"[{_AMINE}:1][CH2:2][C;$(C[OH]):3][OH:4]>>[{_AMINE};!H0:1].[CH2:2]1[C:3][O:4]1",
    "opening of an epoxide by a phenol": "[c:1][O:2][CH2:3][C;$(C[OH]):4][OH:5]>>[c:1][OH:2].[CH2:3]1[C:4][O:5]1",
    "opening of an epoxide by an azole":
        "[nX3;H0;r5:1][CH2:2][C;$(C[OH]):3][OH:4]>>[nH:1].[CH2:2]1[C:3][O:4]1",
    "glycidyl ether from epichlorohydrin":
        "[c:1][O:2][CH2:3][CH:4]1[CH2:5][O:6]1>>[c:1][OH:2].Cl[CH2:3][CH:4]1[CH2:5][O:6]1",
    "epoxide from an alkene (peracid)": "[C:1]1[C:2]O1>>[C:1]=[C:2]",
    "epoxide from a ketone or aldehyde (Corey-Chaykovsky)": "[#6:1][C:2]1[CH2][O:3]1>>[#6:1][C:2]=[O:3]",
    # azoles and other nitrogen nucleophiles
    "N-alkylation of an azole":
        "[nX3;H0;r5:1][CX4;H1,H2,H3;!$(C([#7])[#7,#8,#16]):2]>>[nH:1].[Cl,Br,I][C:2]",
    "N-arylation of an azole (aromatic substitution)": f"[nX3;H0;r5:1][c;{_POOR}:2]>>[nH:1].F[c:2]",
    "N-acylation of an azole": "[nX3;H0;r5:1][C:2](=[O:3])[#6:4]>>[nH:1].Cl[C:2](=[O:3])[#6:4]",
    "Michael addition of an azole": "[nX3;H0;r5:1][CH2:2][C:3][C:4]=[O:5]>>[nH:1].[CH2:2]=[C:3][C:4]=[O:5]",
    "Michael addition of an amine":
        f"[{_AMINE}:1][CH2:2][CX4;!H0:3][C;$(C=O),$(C#N):4]>>[{_AMINE};!H0:1].[CH2:2]=[C:3][C:4]",
    "alkylation of an amine by an alpha-halo carbonyl compound":
        f"[{_AMINE}:1][CX4;H1,H2;$(C-C=O):2]>>[{_AMINE};!H0:1].[Cl,Br,I][C:2]",
    "Eschweiler-Clarke methylation":
        "[NX3;H0;!$(N-[!#6]);!$(N-C=[O,S,N]):1]([CX4:2])([CX4:3])[CH3:4]>>[NH:1]([C:2])[C:3].O=[CH2:4]",
    "Gabriel synthesis":
        "[CX4;H2;!$(C-C=O):1][NH2:2]>>[C:1][Cl,Br,I].O=C1[NH:2]C(=O)c2ccccc21",
    "Ritter reaction and hydrolysis": "[CX4;$(C([#6])([#6])[#6]):1][NH2:2]>>[C:1]Br.CC#[N:2]",
    "removal of an acetyl group from an aniline": "[c:1][NH2:2]>>[c:1][NH:2]C(C)=O",
    "reduction of an amide to an amine":
        "[NX3;!$(N-C=[O,S,N]);!$(N-[!#6;!H]):1][CH2:2][#6:3]>>[N:1][C:2](=O)[#6:3]",
    "aromatic substitution by an amine": f"[c;{_POOR}:1][{_AMINE}:2]>>[c:1]F.[{_AMINE};!H0;!$(N-c):2]",
    "aromatic substitution of a chloroazine by an amine": f"[c;{_AZINE}:1][{_AMINE}:2]>>[c:1]Cl.[{_AMINE};!H0:2]",
    "sulfonamide of an aniline (sulfonyl chloride)":
        "[#6:1][S:2](=[O:3])(=[O:4])[NX3;$(N-c);!$(N-C=[O,S,N]):5]"
        ">>[#6:1][S:2](=[O:3])(=[O:4])Cl.[NX3;!H0;$(N-c);!$(N-C=[O,S,N]):5]",
    "aromatic substitution of a chloroazine by a sulfonamide":
        f"[c;{_AZINE}:1][NH:2][S:3](=[O:4])=[O:5]>>[c:1]Cl.[NH2:2][S:3](=[O:4])=[O:5]",
    # oxygen and sulfur
    "ether from a chloroazine": f"[c;{_AZINE}:1][O:2][#6;!$([#6]=[O,N,S]):3]>>[c:1]Cl.[OH:2][#6:3]",
    "diaryl ether (aromatic substitution)": f"[c;{_POOR}:1][O:2][c:3]>>[c:1]F.[OH:2][c:3]",
    "diaryl ether (Ullmann)": "[c:1][O:2][c:3]>>[c:1]Br.[OH:2][c:3]",
    "S-alkylation of a thiol": "[SX2:1]([#6;!$(C=O):2])[CX4;H2,H3;!$(C(S)[N,O,S]):3]>>[SH:1][#6:2].[Cl,Br,I][C:3]",
    "thioether from an aryl halide": f"[c;{_POOR}:1][SX2:2][#6:3]>>[c:1]Cl.[SH:2][#6:3]",
    "diaryl sulfide (Ullmann)": "[c:1][SX2:2][c:3]>>[c:1]Br.[SH:2][c:3]",
    "oxidation of a sulfide to a sulfoxide": "[#6:1][SX3:2](=O)[#6:3]>>[#6:1][S:2][#6:3]",
    "chloride of an azine from its hydroxide (phosphoryl chloride)": f"[c;{_AZINE}:1]Cl>>[c:1][OH]",
    # acid derivatives
    "hydrazide from an ester": "[#6:1][C:2](=[O:3])[NH:4][NH2:5]>>[#6:1][C:2](=[O:3])OC.[NH2:4][NH2:5]",
    "hydroxamic acid from an ester": "[#6:1][C:2](=[O:3])[NH:4][OH:5]>>[#6:1][C:2](=[O:3])OC.[NH2:4][OH:5]",
    "sulfonylurea from an isocyanate":
        "[S:1](=[O:2])(=[O:3])[NH:4][C:5](=[O:6])[NH:7][#6:8]"
        ">>[S:1](=[O:2])(=[O:3])[NH2:4].[C:5](=[O:6])=[N:7][#6:8]",
    "urea from two amines (phosgene equivalent)":
        f"[NX3;!$(N-S);!$(N-[N,O]):1][C:2](=[O:3])[NX3;!$(N-S);!$(N-[N,O]):4]"
        f">>[{_AMINE};!H0:1].[{_AMINE};!H0:4].Cl[C:2](=[O:3])Cl",
    "isocyanate from an amine (phosgene equivalent)": "[#6:1][N:2]=[C:3]=[O:4]>>[#6:1][NH2:2].Cl[C:3](=[O:4])Cl",
    "carbamate from a chloroformate":
        f"[NX3;!$(N-S):1][C:2](=[O:3])[O;R0:4][#6:5]>>[{_AMINE};!H0:1].Cl[C:2](=[O:3])[O:4][#6:5]",
    "oxime from a carbonyl compound": "[#6:4][C:1]=[N:2][O:3]>>[#6:4][C:1]=O.[NH2:2][O:3]",
    "hydrazone from a carbonyl compound": "[#6:4][C:1]=[N:2][NX3:3]>>[#6:4][C:1]=O.[NH2:2][N:3]",
    "amidoxime from a nitrile": "[C:1](=[N:2][OH:3])[NH2:4]>>[C:1]#[N:4].[NH2:2][OH:3]",
    "amidine from a nitrile (Pinner)": "[#6:5][C:1](=[NH:2])[NH2:3]>>[#6:5][C:1]#[N:2].[NH3:3]",
    "dehydration of an amide to a nitrile": "[#6:1][C:2]#[N:3]>>[#6:1][C:2](=O)[NH2:3]",
    # enolates and alkenes
    "alpha-bromination of a ketone": "[#6:1][C:2](=[O:3])[CX4:4][Br:5]>>[#6:1][C:2](=[O:3])[C;!H0:4].Br[Br:5]",
    "Mannich reaction":
        "[#6:6][C:1](=[O:2])[CX4:3][CH2:4][NX3;H0;!$(N-C=[O,S,N]):5]"
        ">>[#6:6][C:1](=[O:2])[CX4;!H0:3].[CH2:4]=O.[NX3;H1;!$(N-C=[O,S,N]):5]",
    "methylenation of a ketone (formaldehyde)":
        "[#6:5][C:1](=[O:2])[C:3]=[CH2:4]>>[#6:5][C:1](=[O:2])[CX4;H2,H3:3].[CH2:4]=O",
    "Knoevenagel condensation":
        "[#6:1][CH:2]=[C;$(C(C=O)C=O),$(C(C=O)C#N),$(C(C#N)C#N),$(C(C=O)S):3]"
        ">>[#6:1][CH:2]=O.[CX4;H2;$(C(C=O)C=O),$(C(C=O)C#N),$(C(C#N)C#N),$(C(C=O)S):3]",
    "hydrogenation of a conjugated alkene":
        "[CX4;H2;$(C-[c,$([CX4;R])]):1][CX4;H1,H2;$(C-C=O),$(C-C#N):2]>>[C:1]=[C:2]",
    "Michael addition of an enol":
        "[c:1]([OH:2]):[c;$(c:c=O):3][CX4:4][CX4;!H0:5][C:6]=[O:7]"
        ">>[c:1]([OH:2]):[cH;$(c:c=O):3].[C:4]=[C:5][C:6]=[O:7]",
    "addition of a nitrile, ester or amide enolate to a ketone":
        "[C;$(C#N),$(C(=O)[O,N]):1][CX4:2][C;$(C([#6])([#6])[#6]):3][OH:4]>>[C:1][CX4;!H0:2].[C:3]=[O:4]",
    "alkylation of a 1,3-dicarbonyl compound":
        "[C;$(C=O):1][CX4;H0,H1:2]([C;$(C=O):3])[CX4;H2,H3:4]>>[C:1][C;!H0:2][C:3].[Cl,Br,I][C:4]",
    "formylation of a nitrile (ethyl formate)":
        "[C;$(C#N):1][CH:2]([#6:3])[CH:4]=[O:5]>>[C:1][CH2:2][#6:3].CCO[CH:4]=[O:5]",
    "dehydration of a tertiary benzylic alcohol": "[c:1][C;$(C([#6])[#6]):2]=[C:3]>>[c:1][C:2](O)[C;!H0:3]",
}  # fmt: skip
"""Backward reaction SMARTS by name."""
