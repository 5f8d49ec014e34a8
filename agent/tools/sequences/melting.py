"""How the melting temperature of an oligonucleotide follows salt and strand: a scan, and the slope of each trend.

In the nearest-neighbour model 1/Tm is linear in the logarithm of the strand concentration (SantaLucia, PNAS 95 (1998)
1460), and by Owczarzy et al. (Biochemistry 43 (2004) 3537) quadratic in the logarithm of the sodium concentration; over
the scanned ranges Tm itself is close to a line in the decimal logarithm of either, and how close is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.tools.sequences.thermo import Salt, melting_temperature


@dataclass(frozen=True)
class Trend:
    """The melting temperature over one concentration, the other kept.

    Attributes:
        concentrations: Scanned, in the unit of the scan.
        temperatures: Melting temperatures in degC.
        slope: Of the least-squares line, in degC for tenfold concentration.
        bend: The largest distance of a point from that line, in degC.
    """

    concentrations: tuple[float, ...]
    temperatures: tuple[float, ...]
    slope: float
    bend: float

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Concentration and melting temperature, pair by pair."""
        return tuple(zip(self.concentrations, self.temperatures, strict=True))


def trend(concentrations: Sequence[float], temperatures: Sequence[float]) -> Trend:
    """Fit a line to temperatures in degC over the decimal logarithm of positive, different concentrations."""
    x = [math.log10(one) for one in concentrations]
    middle, mean = sum(x) / len(x), sum(temperatures) / len(x)
    slope = sum((a - middle) * (t - mean) for a, t in zip(x, temperatures, strict=True))
    slope /= sum((a - middle) ** 2 for a in x)
    bend = max(abs(t - mean - slope * (a - middle)) for a, t in zip(x, temperatures, strict=True))
    return Trend(tuple(concentrations), tuple(temperatures), slope, bend)


def sodium_trend(oligo: str, sodium_mM: Sequence[float], strand_nM: float) -> Trend:
    """Melting temperatures over the sodium concentration in mM, without magnesium."""
    salts = [Salt(sodium_mM=one, magnesium_mM=0.0, dntp_mM=0.0, primer_nM=strand_nM) for one in sodium_mM]
    return trend(sodium_mM, [melting_temperature(oligo, salt) for salt in salts])


def strand_trend(oligo: str, strand_nM: Sequence[float], sodium_mM: float) -> Trend:
    """Melting temperatures over the concentration of the strand in nM, without magnesium."""
    salts = [Salt(sodium_mM=sodium_mM, magnesium_mM=0.0, dntp_mM=0.0, primer_nM=one) for one in strand_nM]
    return trend(strand_nM, [melting_temperature(oligo, salt) for salt in salts])
