"""The screen of candidates: every schedule 1 example matches, ordinary drugs do not."""

import hashlib

import pytest
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from agent.tools.hazards import screen_candidates
from agent.tools.hazards.entries import entries, words
from agent.tools.hazards.sequences import screen_sequence
from agent.tools.hazards.structures import screen_molecule

LISTED = [
    (entry.id, name, smiles) for entry in entries() for name, smiles in {**entry.structures, **entry.skeletons}.items()
]

# Formulas from the literature, written independently of the SMILES.
FORMULAS = {
    "sarin": "C4H10FO2P",
    "soman": "C7H16FO2P",
    "cyclosarin": "C7H14FO2P",
    "tabun": "C5H11N2O2P",
    "VX": "C11H26NO2PS",
    "mustard gas": "C4H8Cl2S",
    "sesquimustard": "C6H12Cl2S2",
    "O-mustard": "C8H16Cl2OS2",
    "lewisite 1": "C2H2AsCl3",
    "HN3": "C6H12Cl3N",
    "QL": "C11H26NO2P",
    "saxitoxin": "C10H17N7O4",
    "tetrodotoxin": "C11H17N3O8",
    "T-2 toxin": "C24H34O9",
    "diacetoxyscirpenol": "C19H26O7",
    "BZ": "C21H23NO3",
    "RDX": "C3H6N6O6",
    "HMTD": "C6H12N2O6",
    "fentanyl": "C22H28N2O",
    "LSD": "C20H25N3O",
}

# Ordinary drugs and reagents, many with the groups that the patterns speak of.
ORDINARY = {
    "celecoxib": "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "ibuprofen": "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
    "paracetamol": "CC(=O)Nc1ccc(O)cc1",
    "caffeine": "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
    "fosfomycin": "CC1OC1P(=O)(O)O",
    "tenofovir": "CC(Cn1cnc2c(N)ncnc12)OCP(=O)(O)O",
    "adefovir": "Nc1ncnc2c1ncn2CCOCP(=O)(O)O",
    "cidofovir": "Nc1ccn(CC(CO)OCP(=O)(O)O)c(=O)n1",
    "sofosbuvir": "CC(C)OC(=O)C(C)NP(=O)(OCC1OC(n2ccc(=O)[nH]c2=O)C(C)(F)C1O)Oc1ccccc1",
    "alendronate": "NCCCC(O)(P(=O)(O)O)P(=O)(O)O",
    "zoledronate": "OC(Cn1ccnc1)(P(=O)(O)O)P(=O)(O)O",
    "fosinopril": "CCC(=O)OC(C(C)C)OP(=O)(CCCCc1ccccc1)CC(=O)N1CC(CC1C(=O)O)C1CCCCC1",
    "glyphosate": "OC(=O)CNCP(=O)(O)O",
    "glufosinate": "CP(=O)(O)CCC(N)C(=O)O",
    "triphenylphosphine": "c1ccc(cc1)P(c1ccccc1)c1ccccc1",
    "triphenyl phosphate": "O=P(Oc1ccccc1)(Oc1ccccc1)Oc1ccccc1",
    "tributyl phosphate": "CCCCOP(=O)(OCCCC)OCCCC",
    "trimethylphosphine": "CP(C)C",
    "amifostine": "NCCCNCCSP(=O)(O)O",
    "monofluorophosphate": "[Na+].[Na+].[O-]P(=O)([O-])F",
    "ATP": "Nc1ncnc2c1ncn2C1OC(COP(=O)(O)OP(=O)(O)OP(=O)(O)O)C(O)C1O",
    "malathion": "CCOC(=O)CC(SP(=S)(OC)OC)C(=O)OCC",
    "cyclophosphamide": "ClCCN(CCCl)P1(=O)NCCCO1",
    "ifosfamide": "ClCCNP1(=O)OCCCN1CCCl",
    "chlorambucil": "OC(=O)CCCc1ccc(cc1)N(CCCl)CCCl",
    "melphalan": "NC(Cc1ccc(cc1)N(CCCl)CCCl)C(=O)O",
    "bendamustine": "Cn1c(CCCC(=O)O)nc2cc(ccc12)N(CCCl)CCCl",
    "estramustine": "CC12CCC3c4ccc(OC(=O)N(CCCl)CCCl)cc4CCC3C1CCC2O",
    "carmustine": "ClCCNC(=O)N(CCCl)N=O",
    "half mustard": "CCSCCCl",
    "nitrofurantoin": "O=C1CN(N=Cc2ccc(o2)[N+](=O)[O-])C(=O)N1",
    "metronidazole": "Cc1ncc(n1CCO)[N+](=O)[O-]",
    "chloramphenicol": "OCC(NC(=O)C(Cl)Cl)C(O)c1ccc(cc1)[N+](=O)[O-]",
    "nifedipine": "COC(=O)C1=C(C)NC(C)=C(C1c1ccccc1[N+](=O)[O-])C(=O)OC",
    "2,4-dinitrophenol": "Oc1ccc(cc1[N+](=O)[O-])[N+](=O)[O-]",
    "pendimethalin": "CCC(CC)Nc1c(cc(C)c(C)c1[N+](=O)[O-])[N+](=O)[O-]",
    "isosorbide dinitrate": "O=[N+]([O-])OC1COC2C1OCC2O[N+](=O)[O-]",
    "nicorandil": "O=C(NCCO[N+](=O)[O-])c1cccnc1",
    "imidacloprid": "O=[N+]([O-])N=C1NCCN1Cc1ccc(Cl)nc1",
    "zidovudine": "Cc1cn(C2CC(N=[N+]=[N-])C(CO)O2)c(=O)[nH]c1=O",
    "artemisinin": "CC1CCC2C(C)C(=O)OC3OC4(C)CCC1C23OO4",
    "clidinium": "C[N+]12CCC(CC1)C(C2)OC(=O)C(O)(c1ccccc1)c1ccccc1",
    "solifenacin": "O=C(OC1CN2CCC1CC2)N1CCc2ccccc2C1c1ccccc1",
    "pyridostigmine": "CN(C)C(=O)Oc1ccc[n+](C)c1",
    "rivastigmine": "CCN(C)C(=O)Oc1cccc(c1)C(C)N(C)C",
    "diphenhydramine": "CN(C)CCOC(c1ccccc1)c1ccccc1",
    "procaine": "CCN(CC)CCOC(=O)c1ccc(N)cc1",
    "choline": "C[N+](C)(C)CCO",
    "DMAE": "CN(C)CCO",
    "haloperidol": "O=C(CCCN1CCC(O)(CC1)c1ccc(Cl)cc1)c1ccc(F)cc1",
    "loperamide": "CN(C)C(=O)C(CCN1CCC(O)(CC1)c1ccc(Cl)cc1)(c1ccccc1)c1ccccc1",
    "astemizole": "COc1ccc(CCN2CCC(CC2)Nc2nc3ccccc3n2Cc2ccc(F)cc2)cc1",
    "morphine": "CN1CCC23C4Oc5c(O)ccc(CC1C2C=CC4O)c35",
    "pseudoephedrine": "CNC(C)C(O)c1ccccc1",
    "amphetamine-like bupropion": "CC(NC(C)(C)C)C(=O)c1cccc(Cl)c1",
    "trolamine salicylate": "O=C(O)c1ccccc1O.OCCN(CCO)CCO",
    "acetonitrile": "CC#N",
    "chloroform": "ClC(Cl)Cl",
    "arsenic trioxide": "O=[As]O[As]=O",
    "deoxynivalenol": "CC1=CC2C(C(=O)C1O)(CO)C1(C)CC(O)C(O2)C11CO1",
    "lisinopril": "NCCCCC(NC(CCc1ccccc1)C(=O)O)C(=O)N1CCCC1C(=O)O",
}


def _hazard(smiles):
    return screen_candidates([smiles]).candidates[0]


@pytest.mark.parametrize(("entry", "name", "smiles"), LISTED, ids=[f"{e}-{n[:24]}" for e, n, _ in LISTED])
def test_every_listed_structure_matches_its_entry_first(entry, name, smiles):
    draft = _hazard(smiles)
    assert draft.withheld
    assert draft.labels["hazard"].startswith(entry)
    assert name in draft.labels["hazard"]
    assert draft.reason.startswith("Withheld by the hazard screen")


def test_structures_have_the_published_formulas():
    structures = {name: smiles for _, name, smiles in LISTED}
    for name, formula in FORMULAS.items():
        assert CalcMolFormula(Chem.MolFromSmiles(structures[name])) == formula, name


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_drugs_and_reagents_do_not_match(name):
    draft = _hazard(ORDINARY[name])
    assert draft.labels["hazard"] == "no match"
    assert not draft.withheld


@pytest.mark.parametrize(
    ("name", "smiles", "entry"),
    [
        ("a longer phosphonofluoridate", "CCCCCCOP(=O)(F)CCCC", "CWC 1.A.1"),
        ("sarin, one enantiomer, deuterated", "[2H]C([2H])([2H])[P@](=O)(F)OC(C)C", "CWC 1.A.1"),
        ("VX hydrochloride", "CCOP(C)(=O)SCC[NH+](C(C)C)C(C)C.[Cl-]", "CWC 1.A.3"),
        ("an alkylated V salt", "CCOP(C)(=O)SCC[N+](C)(CC)CC.[I-]", "CWC 1.A.3"),
        ("a bromo sulfur mustard", "BrCCSCCBr", "CWC 1.A.4"),
        ("N-propyl nitrogen mustard hydrochloride", "CCCN(CCCl)CCCl.Cl", "CWC 1.A.6"),
        ("an amidine of the 2020 classes", "CCCCOP(=O)(F)N=C(CC)N(C)C", "CWC 1.A.14"),
        ("phenylphosphonofluoridate", "CCOP(=O)(F)c1ccccc1", "CWC 1.A.1 (close analogue)"),
        ("diethylamino QL", "CCOP(C)OCCN(CC)CC", "CWC 1.B.10"),
        ("dipropyl phosphoramidate", "CCCOP(=O)(OC(C)C)N(C)CC", "CWC 2.B.6"),
        ("2-(ethyl(methyl)amino)ethanol hydrochloride", "CCN(C)CCO.Cl", "CWC 2.B.11"),
        ("neosaxitoxin", "NC(=O)OCC1N(O)C(=N)N2CCC(O)(O)C23NC(=N)NC13", "toxin: saxitoxin"),
        ("saxitoxin hidden in a mixture", "CCCCCCCCCCCCCCCCCCCC.CC(C)OP(C)(=O)F", "CWC 1.A.1"),
        ("furanylfentanyl", "O=C(c1ccco1)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "controlled: fentanyls"),
        ("trinitroxylene", "Cc1c([N+](=O)[O-])cc([N+](=O)[O-])c(C)c1[N+](=O)[O-]", "explosive: nitroaromatic"),
    ],
)
def test_close_analogues_salts_and_mixtures_match(name, smiles, entry):
    assert _hazard(smiles).labels["hazard"].startswith(entry), name


def test_exempted_members_do_not_match():
    for entry in entries():
        for smiles in entry.excepted.values():
            found = screen_molecule(smiles)
            assert found is not None and found.matches == ()


def test_counts_and_unparsable_structures():
    result = screen_candidates(["CCO", "CC(C)OP(C)(=O)F", "not a smiles", " "])
    counted = {value.name: value.value for value in result.values}
    assert counted == {"match": 1, "no_match": 1, "not_screened": 0, "unparsable": 1}
    assert "does not mean safe" in result.summary
    assert result.data["withheld"] == 1


def test_a_match_given_in_another_writing_is_withheld_under_both():
    given = "FP(C)(=O)OC(C)C"
    result = screen_candidates([given])
    assert {draft.structure for draft in result.candidates} == {given, Chem.CanonSmiles(given)}
    assert all(draft.withheld for draft in result.candidates)
    assert {v.name: v.value for v in result.values}["match"] == 1


@pytest.mark.parametrize("kind", ["crystal", "strain", "recipe"])
def test_kinds_without_a_screen_say_so(kind):
    result = screen_candidates(["NaCl [rocksalt]"], kind)
    assert result.candidates[0].labels == {"hazard": "not screened"}
    assert not result.candidates[0].withheld
    assert "not screened" in result.summary


def test_nothing_to_screen_is_empty_not_ok():
    assert screen_candidates([]).status == "empty"


def test_the_peptide_pattern_of_the_regulation():
    # Alpha-conotoxin GI (Gray et al., J. Biol. Chem. 1981) as a peptide; human insulin B chain for contrast.
    assert [m.entry.id for m in screen_sequence("ECCNPACGRHYSC")] == ["toxin: conotoxin"]
    assert screen_sequence("FVNQHLCGSHLVEALYLVCGERGFFYTPKT") == ()
    dna = "GAATGTTGTAACCCGGCGTGCGGCCGTCATTATAGCTGC"
    draft = screen_candidates([dna], "sequence").candidates[0]
    assert draft.withheld and draft.labels["hazard"].startswith("toxin: conotoxin")


def test_hashed_words_match_only_when_enough_are_shared(monkeypatch):
    from agent.tools.hazards import sequences
    from agent.tools.hazards.entries import Entry

    protein = "MKTAYIAKQRQISFVKSHFSRQ"
    hashed = tuple(hashlib.sha256(protein[i : i + 8].encode()).hexdigest()[:16] for i in range(len(protein) - 7))
    made = Entry("toxin: made up", "made up", "restricted", "g", "s", kmers=hashed, kmer_source="made up")
    monkeypatch.setattr(sequences, "_sequence_entries", lambda: (made,))
    assert screen_sequence("GGG" + protein[3:13] + "GGG")
    assert not screen_sequence("GGG" + protein[3:12] + "GGG")


def test_shipped_words_are_hashes_and_say_where_they_come_from():
    hashed = [entry for entry in entries() if entry.kmers]
    assert {entry.id for entry in hashed} == {"toxin: ricin", "toxin: botulinum neurotoxin"}
    for entry in hashed:
        assert "UniProt" in entry.kmer_source
        assert all(len(word) == 16 and int(word, 16) >= 0 for word in entry.kmers)
    assert "names only" not in screen_candidates(["MKV"], "sequence").summary
    assert "by name only" in screen_candidates(["MKV"], "sequence").summary


def test_cas_numbers_have_valid_check_digits():
    for entry in entries():
        for number in entry.cas:
            digits = [int(c) for c in number if c.isdigit()]
            weighted = sum(place * digit for place, digit in enumerate(reversed(digits)))
            assert weighted % 10 == digits[-1], number


def test_every_entry_states_its_source_and_level():
    for entry in entries():
        assert entry.source and entry.title and entry.level in ("prohibited", "restricted", "watched")
    assert len({entry.id for entry in entries()}) == len(entries())
    assert set(words()) == {
        "production", "enhancement", "protective", "evasion", "neutral", "harm", "pronouns",
        "fought", "medical", "handling",
    }  # fmt: skip
