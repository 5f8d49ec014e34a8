"""Melting temperatures and secondary structure of oligonucleotides by the nearest-neighbour model.

Melting temperatures come from Biopython with the unified parameters of Allawi and SantaLucia (1997) and the salt
correction of Owczarzy et al. (Biochemistry 47 (2008) 5336). Free energies of hairpins and dimers are sums of stacking
terms of perfectly paired stretches (SantaLucia, PNAS 95 (1998) 1460; SantaLucia and Hicks, Annu. Rev. Biophys. Biomol.
Struct. 33 (2004) 415), at 37 degC and 1 M NaCl: a screen of primers, not a folding program (no bulges or mismatches).
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.tools.sequences.text import reverse_complement

LONGEST_OLIGO = 60
"""The two-state nearest-neighbour model holds for oligonucleotides up to about this length, in bases."""

# Free energy of stacking at 37 degC in kcal/mol for the pair of bases read 5' to 3' (SantaLucia 1998, table 2).
_STACKING = {
    "AA": -1.00, "TT": -1.00, "AT": -0.88, "TA": -0.58, "CA": -1.45, "TG": -1.45, "GT": -1.44, "AC": -1.44,
    "CT": -1.28, "AG": -1.28, "GA": -1.30, "TC": -1.30, "CG": -2.17, "GC": -2.24, "GG": -1.84, "CC": -1.84,
}  # fmt: skip
_END = {"G": 0.98, "C": 0.98, "A": 1.03, "T": 1.03}  # initiation, for either end of a duplex
_SYMMETRY = 0.43
# Initiation of hairpin loops by their length (SantaLucia and Hicks 2004, table 4); longer ones as the last.
_LOOP = {3: 3.5, 4: 3.5, 5: 3.3, 6: 4.0, 7: 4.2, 8: 4.3, 9: 4.5, 10: 4.6, 12: 5.0, 14: 5.1, 16: 5.3, 18: 5.5, 20: 5.7}
_SHORTEST_STEM = 3
_SHORTEST_LOOP = 3


@dataclass(frozen=True)
class Salt:
    """The solution: monovalent cations, magnesium and dNTPs in mM, and the oligonucleotide in nM."""

    sodium_mM: float = 50.0
    magnesium_mM: float = 1.5
    dntp_mM: float = 0.2
    primer_nM: float = 250.0

    @property
    def text(self) -> str:
        """The conditions in words."""
        return (
            f"{self.sodium_mM:g} mM Na+, {self.magnesium_mM:g} mM Mg2+, {self.dntp_mM:g} mM dNTP, "
            f"{self.primer_nM:g} nM oligonucleotide"
        )


def melting_temperature(oligo: str, salt: Salt) -> float:
    """The nearest-neighbour melting temperature in degC.

    Args:
        oligo: Unambiguous upper-case DNA of 2 to `LONGEST_OLIGO` bases, paired to its full complement in excess.
        salt: The solution.
    """
    from Bio.SeqUtils import MeltingTemp

    return float(
        MeltingTemp.Tm_NN(
            oligo,
            nn_table=MeltingTemp.DNA_NN3,
            dnac1=salt.primer_nM,
            dnac2=0,
            selfcomp=oligo == reverse_complement(oligo),
            Na=salt.sodium_mM,
            Mg=salt.magnesium_mM,
            dNTPs=salt.dntp_mM,
            saltcorr=7 if salt.magnesium_mM > 0 else 6,
        )
    )


def long_melting_temperature(sequence: str, salt: Salt) -> float:
    """The melting temperature in degC of a long duplex by its GC content and salt (von Ahsen et al., 2001)."""
    from Bio.SeqUtils import MeltingTemp

    return float(
        MeltingTemp.Tm_GC(
            sequence, valueset=7, Na=salt.sodium_mM, Mg=salt.magnesium_mM, dNTPs=salt.dntp_mM, strict=False
        )
    )


def duplex_energy(strand: str) -> float:
    """Free energy of a perfect duplex in kcal/mol at 37 degC, 1 M NaCl (negative: stable).

    Args:
        strand: One strand, unambiguous, of two bases or more.
    """
    energy = sum(_STACKING[strand[i : i + 2]] for i in range(len(strand) - 1)) + _END[strand[0]] + _END[strand[-1]]
    return energy + (_SYMMETRY if strand == reverse_complement(strand) else 0.0)


def dimer_energy(first: str, second: str, *, at_three_prime: bool = False) -> float:
    """The most stable perfectly paired stretch of two oligonucleotides, in kcal/mol (0 if there is none).

    Args:
        first: 5' to 3'.
        second: 5' to 3'; the same text for a self-dimer.
        at_three_prime: Count only stretches that hold the 3' end of ``first`` (those that a polymerase extends).
    """
    other = reverse_complement(second)
    best = 0.0
    for shift in range(-len(other) + 2, len(first) - 1):
        run = ""
        for i in range(max(0, shift), min(len(first), shift + len(other)) + 1):
            paired = i < min(len(first), shift + len(other)) and first[i] == other[i - shift]
            if paired:
                run += first[i]
                continue
            if len(run) > 1 and (not at_three_prime or i == len(first)):
                best = min(best, duplex_energy(run))
            run = ""
    return best


def hairpin_energy(oligo: str) -> float:
    """The most stable hairpin with an unbroken stem, in kcal/mol (0 if there is none)."""
    best = 0.0
    for left in range(len(oligo) - 2 * _SHORTEST_STEM - _SHORTEST_LOOP + 1):
        for right in range(left + 2 * _SHORTEST_STEM + _SHORTEST_LOOP - 1, len(oligo)):
            stem = 0
            while right - left - 2 * stem > _SHORTEST_LOOP and oligo[left + stem] == reverse_complement(
                oligo[right - stem]
            ):
                stem += 1
            if stem >= _SHORTEST_STEM:
                strand = oligo[left : left + stem]
                stack = sum(_STACKING[strand[i : i + 2]] for i in range(stem - 1))
                best = min(best, stack + _loop_energy(right - left + 1 - 2 * stem))
    return best


def _loop_energy(size: int) -> float:
    return _LOOP[max(length for length in _LOOP if length <= size)]
