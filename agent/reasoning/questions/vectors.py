"""Cloning regions of vectors that questions name without their sequence."""

from __future__ import annotations

import re

# The polylinker of pUC19 between the binding sites of the M13 primers (-20 and reverse), read along lacZ'.
# C. Yanisch-Perron, J. Vieira, J. Messing, Gene 33 (1985) 103; GenBank L09137 (other strand). pUC18 holds the same
# polylinker the other way round between the same flanks.
_UPSTREAM = "GTAAAACGACGGCCAGT"
_DOWNSTREAM = "GGCGTAATCATGGTCATAGCTGTTTCCTG"
_POLYLINKER = "GAATTCGAGCTCGGTACCCGGGGATCCTCTAGAGTCGACCTGCAGGCATGCAAGCTT"

CLONING_REGIONS = {
    "pUC19": _UPSTREAM + _POLYLINKER + _DOWNSTREAM,
}
"""Linear regions, 5' to 3', that hold every cloning site of the vector and at least 25 bases on either side of most."""


def cloning_region(words: str) -> str | None:
    """The cloning region of the vector that a text names; ``None`` if it is not one of the known."""
    found = (name for name in CLONING_REGIONS if re.search(rf"\b{name}\b", words, re.IGNORECASE))
    return next((CLONING_REGIONS[name] for name in found), None)
