"""Changes of rings, linkers and whole functional groups, as reaction SMARTS with the name each goes by. Pure data.

The names appear in a candidate's ``change`` label. A transformation describes a change of the drawing (what stands
where), never a synthesis. ``!@`` keeps linker changes outside rings; products that come out invalid or odd are removed
by the generator.
"""

from __future__ import annotations

RING_ATOMS: tuple[tuple[str, str], ...] = (
    ("aryl CH → N", "[cH;r6:1]>>[n:1]"),
    ("aryl N → CH", "[n;r6;H0;D2;+0:1]>>[cH:1]"),
    ("azole CH → N", "[cH;r5:1]>>[n:1]"),
    ("azole N → CH", "[n;r5;H0;D2;+0:1]>>[cH:1]"),
    ("azole NH → O", "[nH;r5:1]>>[o:1]"),
    ("azole NH → S", "[nH;r5:1]>>[s:1]"),
    ("furan O → S", "[o;r5:1]>>[s:1]"),
    ("furan O → NH", "[o;r5:1]>>[nH:1]"),
    ("thiophene S → O", "[s;r5:1]>>[o:1]"),
    ("thiophene S → NH", "[s;r5:1]>>[nH:1]"),
    ("pyrazole N1/C5 swap", "[c:6]-!@[n:1]1[n:2][c:3][cH:4][c:5]1>>[c:6]-[c:1]1[n:2][c:3][cH:4][n:5]1"),
    ("pyrazole → imidazole",
     "[n:1]1(-[c:6])[n:2][c:3]([*:7])[cH:4][c:5]1>>[n:1]1(-[c:6])[cH:2][c:3]([*:7])[n:4][c:5]1"),
    ("ring CH2 → O", "[#6;R:1]-@[CH2;R:2]-@[#6;R:3]>>[*:1]-[O]-[*:3]"),
    ("ring CH2 → NCH3", "[#6;R:1]-@[CH2;R:2]-@[#6;R:3]>>[*:1]-N(C)-[*:3]"),
    ("ring CH2 → CF2", "[CX4;R:1]-@[CH2;R:2]-@[CX4;R:3]>>[*:1]-[C:2](F)(F)-[*:3]"),
    ("ring CH2 → C=O", "[c,CX4;R:1]-@[CH2;R:2]-@[CX4;R:3]>>[*:1]-[C:2](=O)-[*:3]"),
    ("ring O → CH2", "[#6;R:1]-@[OX2;R]-@[#6;R:2]>>[*:1]-C-[*:2]"),
    ("ring O → NCH3", "[#6;R:1]-@[OX2;R]-@[#6;R:2]>>[*:1]-N(C)-[*:2]"),
    ("ring O → S", "[#6;R:1]-@[OX2;R]-@[#6;R:2]>>[*:1]-S-[*:2]"),
    ("ring S → O", "[#6;R:1]-@[SX2;R]-@[#6;R:2]>>[*:1]-O-[*:2]"),
    ("ring S → SO2", "[#6;R:1]-@[SX2;R:3]-@[#6;R:2]>>[*:1]-[S:3](=O)(=O)-[*:2]"),
    ("ring S → CH2", "[#6;R:1]-@[SX2;R]-@[#6;R:2]>>[*:1]-C-[*:2]"),
    ("ring NH → O", "[#6;R:1]-@[NH;R]-@[#6;R:2]>>[*:1]-O-[*:2]"),
    ("ring NH → CH2", "[#6;R:1]-@[NH;R]-@[#6;R:2]>>[*:1]-C-[*:2]"),
    ("lactone → lactam", "[#6:1][C;R:2](=[O:3])-@[OX2;R]-@[#6:4]>>[*:1][C:2](=[O:3])-N-[*:4]"),
    ("lactone → cyclic ketone", "[#6:1][C;R:2](=[O:3])-@[OX2;R]-@[CX4:4]>>[*:1][C:2](=[O:3])-C-[*:4]"),
    ("ring C=O → CH2", "[#6;R:1]-@[C;R:2](=O)-@[#6;R:3]>>[*:1]-[C:2]-[*:3]"),
    ("ring C=O → SO2", "[#6;R:1]-@[C;R](=O)-@[#6,#7;R:2]>>[*:1]-S(=O)(=O)-[*:2]"),
    ("ring contraction", "[CH2;R;!r3;!r4:1]-@[CH2;R;!r3;!r4]-@[CX4,NX3,OX2;R:2]>>[*:1]-[*:2]"),
    ("ring expansion", "[CH2;r4,r5:1]-@[CH2;r4,r5:2]>>[*:1]-C-[*:2]"),
    ("saturated ring CH → N", "[CH;R:1](-[#6:2])(-@[CH2;R:3])-@[CH2;R:4]>>[N:1](-[*:2])(-[*:3])-[*:4]"),
    ("ring C=C → CH2CH2", "[C;R:1]=@[C;R:2]>>[*:1]-[*:2]"),
)  # fmt: skip

_PHENYL = "[*:1]-!@c1[cH][cH][cH][cH][cH]1"
_PARA = "[*:1]-!@c1[cH][cH]c(-!@[*:2])[cH][cH]1"
_META = "[*:1]-!@c1[cH]c(-!@[*:2])[cH][cH][cH]1"
_ORTHO = "[*:1]-!@c1c(-!@[*:2])[cH][cH][cH][cH]1"
_CYCLOHEXYL = "[*:1]-!@[CX4H]1[CH2][CH2][CH2][CH2][CH2]1"
_PIPERAZINE = "[*:1]-!@N1[CH2][CH2]N(-!@[*:2])[CH2][CH2]1"
_PIPERIDINE = "[*:1]-!@[CX4H]1[CH2][CH2]N(-!@[*:2])[CH2][CH2]1"

RINGS: tuple[tuple[str, str], ...] = (
    ("phenyl → 2-thienyl", f"{_PHENYL}>>[*:1]-c1cccs1"),
    ("phenyl → 3-thienyl", f"{_PHENYL}>>[*:1]-c1ccsc1"),
    ("phenyl → 2-furyl", f"{_PHENYL}>>[*:1]-c1ccco1"),
    ("phenyl → thiazol-2-yl", f"{_PHENYL}>>[*:1]-c1nccs1"),
    ("phenyl → 1-methylpyrazol-4-yl", f"{_PHENYL}>>[*:1]-c1cnn(C)c1"),
    ("phenyl → pyrimidin-5-yl", f"{_PHENYL}>>[*:1]-c1cncnc1"),
    ("phenyl → cyclohexyl", f"{_PHENYL}>>[*:1]-C1CCCCC1"),
    ("phenyl → cyclopentyl", f"{_PHENYL}>>[*:1]-C1CCCC1"),
    ("phenyl → cyclopropyl", f"{_PHENYL}>>[*:1]-C1CC1"),
    ("phenyl → tetrahydropyran-4-yl", f"{_PHENYL}>>[*:1]-C1CCOCC1"),
    ("1,4-phenylene → 2,5-thienylene", f"{_PARA}>>[*:1]-c1ccc(-[*:2])s1"),
    ("1,4-phenylene → 2,5-thiazolylene", f"{_PARA}>>[*:1]-c1ncc(-[*:2])s1"),
    ("1,4-phenylene → 2,5-pyrimidinylene", f"{_PARA}>>[*:1]-c1ncc(-[*:2])cn1"),
    ("1,4-phenylene → 3,6-pyridazinylene", f"{_PARA}>>[*:1]-c1ccc(-[*:2])nn1"),
    ("1,4-phenylene → 1,4-pyrazolylene", f"[#6:1]-!@{_PARA[8:]}>>[*:1]-n1cc(-[*:2])cn1"),
    ("1,4-phenylene → 1,4-cyclohexylene", f"{_PARA}>>[*:1]-C1CCC(-[*:2])CC1"),
    ("1,4-phenylene → bicyclo[1.1.1]pentane-1,3-diyl", f"{_PARA}>>[*:1]-C12CC(-[*:2])(C1)C2"),
    ("1,4-phenylene → piperidine-1,4-diyl", f"[#6:1]-!@{_PARA[8:]}>>[*:1]-N1CCC(-[*:2])CC1"),
    ("1,4- → 1,3-phenylene", f"{_PARA}>>[*:1]-c1cccc(-[*:2])c1"),
    ("1,3- → 1,4-phenylene", f"{_META}>>[*:1]-c1ccc(-[*:2])cc1"),
    ("1,2- → 1,3-phenylene", f"{_ORTHO}>>[*:1]-c1cccc(-[*:2])c1"),
    ("1,3-phenylene → 2,4-thienylene", f"{_META}>>[*:1]-c1cc(-[*:2])cs1"),
    ("1,3-phenylene → 3,5-isoxazolylene", f"{_META}>>[*:1]-c1cc(-[*:2])on1"),
    ("1,2-phenylene → 2,3-thienylene", f"{_ORTHO}>>[*:1]-c1sccc1-[*:2]"),
    ("cyclohexyl → phenyl", f"{_CYCLOHEXYL}>>[*:1]-c1ccccc1"),
    ("cyclohexyl → tetrahydropyran-4-yl", f"{_CYCLOHEXYL}>>[*:1]-C1CCOCC1"),
    ("cyclohexyl → 4,4-difluorocyclohexyl", f"{_CYCLOHEXYL}>>[*:1]-C1CCC(F)(F)CC1"),
    ("2-thienyl → phenyl", "[*:1]-!@c1[cH][cH][cH]s1>>[*:1]-c1ccccc1"),
    ("2-furyl → phenyl", "[*:1]-!@c1[cH][cH][cH]o1>>[*:1]-c1ccccc1"),
    ("2-furyl → oxazol-5-yl", "[*:1]-!@c1[cH][cH][cH]o1>>[*:1]-c1cnco1"),
    ("piperazine → piperidine", f"{_PIPERAZINE}>>[*:1]-C1CCN(-[*:2])CC1"),
    ("piperazine → homopiperazine", f"{_PIPERAZINE}>>[*:1]-N1CCCN(-[*:2])CC1"),
    ("piperazine → 3-aminopyrrolidine", f"{_PIPERAZINE}>>[*:1]-NC1CCN(-[*:2])C1"),
    ("piperazine → azetidine", f"{_PIPERAZINE}>>[*:1]-C1CN(-[*:2])C1"),
    ("piperidine → piperazine", f"{_PIPERIDINE}>>[*:1]-N1CCN(-[*:2])CC1"),
    ("piperidine → pyrrolidine", f"{_PIPERIDINE}>>[*:1]-C1CCN(-[*:2])C1"),
    ("piperidine → azetidine", f"{_PIPERIDINE}>>[*:1]-C1CN(-[*:2])C1"),
    ("methylenedioxy → two OCH3", "[c:1]1[c:2]O[CH2]O1>>([c:1](-OC)[c:2]-OC)"),
    ("methylenedioxy → difluoromethylenedioxy", "[c:1]1[c:2]O[CH2:3]O1>>[c:1]1[c:2]O[C:3](F)(F)O1"),
)  # fmt: skip

_AMIDE = "[#6:1]-[CX3;!R](=O)-!@[NX3H1]-!@[#6:2]"
_ESTER = "[#6:1]-[CX3](=O)-!@[OX2]-!@[#6;!$(C=O):2]"
_SULFONAMIDE = "[#6:1]-[SX4](=O)(=O)-!@[NX3H1]-!@[#6:2]"
_KETONE = "[#6:1]-!@[CX3](=O)-!@[#6:2]"
_ETHER = "[#6;!$(C=[O,N,S]):1]-!@[OX2]-!@[#6;!$(C=[O,N,S]):2]"
_AMINE = "[#6;!$(C=[O,N,S]):1]-!@[NX3H1]-!@[#6;!$(C=[O,N,S]):2]"
_THIOETHER = "[#6;!$(C=[O,N,S]):1]-!@[SX2:3]-!@[#6;!$(C=[O,N,S]):2]"
_METHYLENE = "[#6;!$(C=O):1]-!@[CH2:3]-!@[#6;!$(C=O):2]"

LINKERS: tuple[tuple[str, str], ...] = (
    ("amide → reversed amide", f"{_AMIDE}>>[*:1]-NC(=O)-[*:2]"),
    ("amide → N-methyl amide", f"{_AMIDE}>>[*:1]-C(=O)N(C)-[*:2]"),
    ("amide → sulfonamide", f"{_AMIDE}>>[*:1]-S(=O)(=O)N-[*:2]"),
    ("amide → CH2NH", f"{_AMIDE}>>[*:1]-CN-[*:2]"),
    ("amide → urea", f"{_AMIDE}>>[*:1]-NC(=O)N-[*:2]"),
    ("amide → ketone", f"{_AMIDE}>>[*:1]-C(=O)C-[*:2]"),
    ("amide → 1,2,4-oxadiazole", f"{_AMIDE}>>[*:1]-c1nc(-[*:2])no1"),
    ("amide → 1,3,4-oxadiazole", f"{_AMIDE}>>[*:1]-c1nnc(-[*:2])o1"),
    ("amide → 1,2,3-triazole", f"{_AMIDE}>>[*:1]-c1cn(-[*:2])nn1"),
    ("amide → oxazole", f"{_AMIDE}>>[*:1]-c1ncc(-[*:2])o1"),
    ("tertiary amide → sulfonamide", "[#6:1]-!@[CX3](=O)-!@[NX3;H0:2]>>[*:1]-S(=O)(=O)-[*:2]"),
    ("tertiary amide → CH2N", "[#6:1]-!@[CX3](=O)-!@[NX3;H0:2]>>[*:1]-C-[*:2]"),
    ("ester → amide", f"{_ESTER}>>[*:1]-C(=O)N-[*:2]"),
    ("ester → N-methyl amide", f"{_ESTER}>>[*:1]-C(=O)N(C)-[*:2]"),
    ("ester → reversed amide", f"{_ESTER}>>[*:1]-NC(=O)-[*:2]"),
    ("ester → ketone", f"{_ESTER}>>[*:1]-C(=O)C-[*:2]"),
    ("ester → ether", f"{_ESTER}>>[*:1]-CO-[*:2]"),
    ("ester → 1,2,4-oxadiazole", f"{_ESTER}>>[*:1]-c1nc(-[*:2])no1"),
    ("ester → sulfonamide", f"{_ESTER}>>[*:1]-S(=O)(=O)N-[*:2]"),
    ("sulfonamide → amide", f"{_SULFONAMIDE}>>[*:1]-C(=O)N-[*:2]"),
    ("sulfonamide → reversed sulfonamide", f"{_SULFONAMIDE}>>[*:1]-NS(=O)(=O)-[*:2]"),
    ("sulfonamide → N-methyl sulfonamide", f"{_SULFONAMIDE}>>[*:1]-S(=O)(=O)N(C)-[*:2]"),
    ("sulfonamide → sulfone", f"{_SULFONAMIDE}>>[*:1]-S(=O)(=O)C-[*:2]"),
    ("tertiary sulfonamide → amide", "[#6:1]-!@[SX4](=O)(=O)-!@[NX3;H0:2]>>[*:1]-C(=O)-[*:2]"),
    ("sulfone → ketone", "[#6:1]-!@[SX4](=O)(=O)-!@[#6:2]>>[*:1]-C(=O)-[*:2]"),
    ("sulfone → sulfoxide", "[#6:1]-!@[SX4:3](=[O:4])(=O)-!@[#6:2]>>[*:1]-[S:3](=[O:4])-[*:2]"),
    ("urea → amide", "[#6:1]-[NH:3]-[CX3:4](=[O:5])-[NH]-!@[#6:2]>>[*:1]-[*:3]-[*:4](=[*:5])-C-[*:2]"),
    ("urea → carbamate", "[#6:1]-[NH:3]-[CX3:4](=[O:5])-[NH]-!@[CX4:2]>>[*:1]-[*:3]-[*:4](=[*:5])-O-[*:2]"),
    ("carbamate → urea", "[NX3:1]-[CX3:2](=[O:3])-!@[OX2]-!@[#6:4]>>[*:1]-[*:2](=[*:3])-N-[*:4]"),
    ("carbamate → amide", "[NX3:1]-[CX3:2](=[O:3])-!@[OX2]-!@[#6:4]>>[*:1]-[*:2](=[*:3])-C-[*:4]"),
    ("ketone → CHOH", f"{_KETONE}>>[*:1]-C(O)-[*:2]"),
    ("ketone → CF2", f"{_KETONE}>>[*:1]-C(F)(F)-[*:2]"),
    ("ketone → CH2", f"{_KETONE}>>[*:1]-C-[*:2]"),
    ("ketone → amide", f"{_KETONE}>>[*:1]-C(=O)N-[*:2]"),
    ("ketone → sulfone", f"{_KETONE}>>[*:1]-S(=O)(=O)-[*:2]"),
    ("ketone → oxetane", f"{_KETONE}>>[*:1]-C1(COC1)-[*:2]"),
    ("ether O → CH2", f"{_ETHER}>>[*:1]-C-[*:2]"),
    ("ether O → NH", f"{_ETHER}>>[*:1]-N-[*:2]"),
    ("ether O → NCH3", f"{_ETHER}>>[*:1]-N(C)-[*:2]"),
    ("ether O → S", f"{_ETHER}>>[*:1]-S-[*:2]"),
    ("ether O → CF2", f"{_ETHER}>>[*:1]-C(F)(F)-[*:2]"),
    ("amine NH → O", f"{_AMINE}>>[*:1]-O-[*:2]"),
    ("amine NH → CH2", f"{_AMINE}>>[*:1]-C-[*:2]"),
    ("amine NH → amide", "[c:1]-!@[NX3H1]-!@[#6;!$(C=[O,N,S]):2]>>[*:1]-NC(=O)-[*:2]"),
    ("thioether S → O", f"{_THIOETHER}>>[*:1]-O-[*:2]"),
    ("thioether S → CH2", f"{_THIOETHER}>>[*:1]-C-[*:2]"),
    ("thioether → sulfone", f"{_THIOETHER}>>[*:1]-[S:3](=O)(=O)-[*:2]"),
    ("thioether → sulfoxide", f"{_THIOETHER}>>[*:1]-[S:3](=O)-[*:2]"),
    ("CH2 → O", f"{_METHYLENE}>>[*:1]-O-[*:2]"),
    ("CH2 → NH", f"{_METHYLENE}>>[*:1]-N-[*:2]"),
    ("CH2 → S", f"{_METHYLENE}>>[*:1]-S-[*:2]"),
    ("CH2 → C=O", f"{_METHYLENE}>>[*:1]-[C:3](=O)-[*:2]"),
    ("CH2 → CF2", f"{_METHYLENE}>>[*:1]-[C:3](F)(F)-[*:2]"),
    ("CH2 → cyclopropane-1,1-diyl", f"{_METHYLENE}>>[*:1]-[C:3]1(CC1)-[*:2]"),
    ("CH2 → C(CH3)2", f"{_METHYLENE}>>[*:1]-[C:3](C)(C)-[*:2]"),
    ("chain shortened by CH2", "[#6:1]-!@[CH2;!R]-!@[#6,#7,#8:2]>>[*:1]-[*:2]"),
    ("chain lengthened by CH2", "[#6,#7:1]-!@[CH2;!R:2]-!@[#6,#7,#8:3]>>[*:1]-[*:2]-C-[*:3]"),
    ("CH2 between ring and group", "[c:1]-!@[CX3,NX3,SX4,OX2,CX2;!R:2]>>[*:1]-C-[*:2]"),
    ("biaryl → benzyl", "[c:1]-!@[c:2]>>[*:1]-C-[*:2]"),
    ("biaryl → aryl ether", "[c:1]-!@[c:2]>>[*:1]-O-[*:2]"),
    ("biaryl → arylamine", "[c:1]-!@[c:2]>>[*:1]-N-[*:2]"),
    ("C=C → CH2CH2", "[#6:1]-!@[CX3H:3]=!@[CX3H:4]-!@[#6:2]>>[*:1]-[C:3]-[C:4]-[*:2]"),
    ("C=C → cyclopropane", "[#6:1]-!@[CX3H:3]=!@[CX3H:4]-!@[#6:2]>>[*:1]-[C:3]1-[C:4](C1)-[*:2]"),
    ("C=C → amide", "[#6:1]-!@[CX3H]=!@[CX3H]-!@[#6:2]>>[*:1]-C(=O)N-[*:2]"),
    ("C≡C → CH2CH2", "[#6:1]-[CX2:3]#[CX2:4]-[#6:2]>>[*:1]-[C:3]-[C:4]-[*:2]"),
    ("isobutyl → cyclopropylmethyl", "[*:1]-!@[CH2:2]-[CHX4]([CH3])[CH3]>>[*:1]-[C:2]-C1CC1"),
    ("isobutyl → cyclobutylmethyl", "[*:1]-!@[CH2:2]-[CHX4]([CH3])[CH3]>>[*:1]-[C:2]-C1CCC1"),
    ("tert-butyl → 1-methylcyclopropyl", "[*:1]-!@[CX4]([CH3])([CH3])[CH3]>>[*:1]-C1(C)CC1"),
    ("tert-butyl → 1-(trifluoromethyl)cyclopropyl", "[*:1]-!@[CX4]([CH3])([CH3])[CH3]>>[*:1]-C1(C(F)(F)F)CC1"),
)  # fmt: skip

TRANSFORMATIONS: tuple[tuple[str, str], ...] = (*RING_ATOMS, *RINGS, *LINKERS)
"""All of them: the name of the change, and its reaction SMARTS."""
