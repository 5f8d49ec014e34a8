"""Properties against published values and independent computations."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences.analysis_tools import analyse_dna, analyse_proteins
from agent.tools.sequences.thermo import Salt, dimer_energy, duplex_energy, hairpin_energy, melting_temperature

LYSOZYME = (
    "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDGRTPGSRNLCNIPCSALLSSDITASVNCAKKIVSDGN"
    "GMNAWVAWRNRCKGTDVQAWIRGCRL"
)
GFP = (
    "MSKGEELFTGVVPILVELDGDVNGHKFSVSGEGEGDATYGKLTLKFICTTGKLPVPWPTLVTTFSYGVQCFSRYPDHMKQHDFFKSAMPEGYVQERTIFFKDD"
    "GNYKTRAEVKFEGDTLVNRIELKGIDFKEDGNILGHKLEYNYNSHNVYIMADKQKNGIKVNFKIRHNIEDGSVQLADHYQQNTPIGDGPVLLPDNHYLSTQSA"
    "LSKDPNEKRDHMVLLEFVTAAGITHGMDELYK"
)
UBIQUITIN = "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG"
INSULIN = "GIVEQCCTSICSLYQLENYCN" + "FVNQHLCGSHLVEALYLVCGERGFFYTPKT"

# Unified nearest-neighbour parameters at 1 M NaCl: enthalpy in kcal/mol, entropy in cal/(mol K), typed in from Allawi
# and SantaLucia (1997), table 1, for the independent computation below.
UNIFIED = {
    "AA": (-7.9, -22.2), "AT": (-7.2, -20.4), "TA": (-7.2, -21.3), "CA": (-8.5, -22.7), "GT": (-8.4, -22.4),
    "CT": (-7.8, -21.0), "GA": (-8.2, -22.2), "CG": (-10.6, -27.2), "GC": (-9.8, -24.4), "GG": (-8.0, -19.9),
}  # fmt: skip
COMPLEMENT = {"A": "T", "T": "A", "G": "C", "C": "G"}


def independent_tm(oligo: str, salt: Salt) -> float:
    """Nearest neighbours with the magnesium correction of Owczarzy 2008, written from the papers."""
    enthalpy = entropy = 0.0
    for end in (oligo[0], oligo[-1]):
        enthalpy, entropy = (enthalpy + 2.3, entropy + 4.1) if end in "AT" else (enthalpy + 0.1, entropy - 2.8)
    for first, second in itertools.pairwise(oligo):
        pair = first + second
        h, s = UNIFIED[pair] if pair in UNIFIED else UNIFIED[COMPLEMENT[second] + COMPLEMENT[first]]
        enthalpy, entropy = enthalpy + h, entropy + s
    at_1m = 1000 * enthalpy / (entropy + 1.987 * math.log(salt.primer_nM * 1e-9))
    na, mg, dntp = salt.sodium_mM / 1000, salt.magnesium_mM / 1000, salt.dntp_mM / 1000
    ka = 3e4
    free = (-(ka * dntp - ka * mg + 1) + math.sqrt((ka * dntp - ka * mg + 1) ** 2 + 4 * ka * mg)) / (2 * ka)
    ratio = math.sqrt(free) / na
    a, b, c, d, e, f, g = 3.92, -0.911, 6.26, 1.42, -48.2, 52.5, 8.31
    if ratio < 6.0:
        a *= 0.843 - 0.352 * math.sqrt(na) * math.log(na)
        d *= 1.279 - 4.03e-3 * math.log(na) - 8.03e-3 * math.log(na) ** 2
        g *= 0.486 - 0.258 * math.log(na) + 5.25e-3 * math.log(na) ** 3
    gc = sum(base in "GC" for base in oligo) / len(oligo)
    log = math.log(free)
    change = a + b * log + gc * (c + d * log) + (e + f * log + g * log**2) / (2 * (len(oligo) - 1))
    return 1 / (1 / at_1m + change * 1e-5) - 273.15


@pytest.mark.parametrize(
    "oligo", ["GTAAAACGACGGCCAGT", "CAGGAAACAGCTATGACC", "TAATACGACTCACTATAGGG", "ATGCGTACCGGTTAAGCA"]
)
def test_melting_temperature_agrees_with_an_independent_computation(oligo):
    salt = Salt()
    assert salt.sodium_mM == 50 and salt.magnesium_mM == 1.5
    assert melting_temperature(oligo, salt) == pytest.approx(independent_tm(oligo, salt), abs=0.1)


def test_melting_temperature_rises_with_salt_and_concentration():
    oligo = "CAGGAAACAGCTATGACC"
    base = melting_temperature(oligo, Salt())
    assert melting_temperature(oligo, Salt(magnesium_mM=3)) > base
    assert melting_temperature(oligo, Salt(primer_nM=1000)) > base
    assert melting_temperature(oligo, Salt(magnesium_mM=0, sodium_mM=50)) < base


def test_duplex_free_energy_of_the_published_example():
    # CGTTGA with TCAACG: -5.35 kcal/mol at 37 degC (SantaLucia 1998, worked example of figure 1).
    assert duplex_energy("CGTTGA") == pytest.approx(-5.35, abs=0.01)


def test_dimers_and_hairpins():
    assert dimer_energy("GAATTC", "GAATTC") == pytest.approx(duplex_energy("GAATTC"))
    assert dimer_energy("AAAAAAAA", "AAAAAAAA") == 0
    assert dimer_energy("AAAAGGCC", "AAAAGGCC", at_three_prime=True) == pytest.approx(duplex_energy("GGCC"))
    assert dimer_energy("GGCCAAAA", "GGCCAAAA", at_three_prime=True) == 0
    # Stem GCGC with a loop of four: three stacks and the loop.
    assert hairpin_energy("GCGCAAAAGCGC") == pytest.approx(-2.24 - 2.17 - 2.24 + 3.5)
    assert hairpin_energy("AAAAAAAAAAAA") == 0


@given(st.text(alphabet="ACGT", min_size=8, max_size=24), st.text(alphabet="ACGT", min_size=8, max_size=24))
def test_a_dimer_does_not_depend_on_the_order(first, second):
    assert dimer_energy(first, second) == pytest.approx(dimer_energy(second, first))
    assert dimer_energy(first, second, at_three_prime=True) >= dimer_energy(first, second)


def test_lysozyme_has_the_values_of_protparam():
    # ExPASy ProtParam for P00698, 19-147.
    row = analyse_proteins([LYSOZYME]).data["rows"][0]
    assert row["length"] == 129
    assert row["protein_mass"] == pytest.approx(14313.1, abs=0.2)
    assert row["isoelectric_point"] == pytest.approx(9.32, abs=0.01)
    assert row["extinction_coefficient"] == 37470
    assert row["extinction_coefficient_oxidised"] == 37970
    assert row["instability_index"] == pytest.approx(16.09, abs=0.01)
    assert row["GRAVY"] == pytest.approx(-0.472, abs=0.001)
    assert row["charged"] == {"negative": 9, "positive": 17}


def test_masses_and_isoelectric_points_of_known_proteins():
    result = analyse_proteins([GFP, UBIQUITIN + "*", INSULIN])
    gfp, ubiquitin, insulin = result.data["rows"]
    assert gfp["protein_mass"] / 1000 == pytest.approx(26.9, abs=0.05)
    assert ubiquitin["protein_mass"] == pytest.approx(8564.8, abs=0.2)
    assert ubiquitin["isoelectric_point"] == pytest.approx(6.56, abs=0.01)
    assert insulin["isoelectric_point"] == pytest.approx(5.35, abs=0.1)
    assert sum(gfp["composition"].values()) == 238
    assert {value.name: value.unit for value in result.candidates[0].values} == {
        "length": "1",
        "protein_mass": "g/mol",
        "isoelectric_point": "1",
        "GRAVY": "1",
        "instability_index": "1",
        "extinction_coefficient": "1/molar/cm",
        "extinction_coefficient_oxidised": "1/molar/cm",
    }


def test_a_single_residue_has_no_instability_index():
    result = analyse_proteins(["W"])
    assert "instability_index" not in {value.name for value in result.values}


def test_dna_rows_and_subsequences():
    result = analyse_dna(["AAAACCGGGGTTTT"], start=5, end=10)
    row = result.data["rows"][0]
    assert (row["sequence"], row["GC"], row["length"]) == ("CCGGGG", 100.0, 6)
    assert row["melting_temperature"] is None and "fewer than 8" in row["tm_method"]
    assert row["codons"] == {"CCG": 1, "GGG": 1}


def test_long_and_ambiguous_dna():
    long, ambiguous = analyse_dna(["ACGT" * 50, "ACGTNNACGTACGT"]).data["rows"]
    assert "GC formula" in long["tm_method"] and 60 < long["melting_temperature"] < 100
    assert ambiguous["melting_temperature"] is None
    assert ambiguous["composition"]["other"] == 2 and ambiguous["GC"] == 50


def test_bad_ranges_and_salts_are_refused():
    with pytest.raises(RepairableToolError, match="do not lie within"):
        analyse_dna(["ACGT"], start=3, end=9)
    with pytest.raises(RepairableToolError, match="positive"):
        analyse_dna(["ACGT"], sodium_mM=0)
    with pytest.raises(RepairableToolError, match="empty"):
        analyse_proteins([])
