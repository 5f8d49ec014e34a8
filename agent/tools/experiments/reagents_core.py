"""What shipped data says of a reagent's hazards: harmonised H statements, limits, carcinogen lists, flash points."""

from __future__ import annotations

from dataclasses import dataclass

from agent.tools.experiments.ghs_table import SOURCE, find_reagent, statement

_IARC = "International Agency for Research on Cancer"
_NTP = "National Toxicology Program 13th Report on Carcinogens"
MOLAR_VOLUME = 24.45
"""Litres a mole of an ideal gas at 25 °C and 1 atm: how limits are converted between ppm and mg/m³."""

_NOT_LISTED = ("Unlisted", "Not classifiable")


@dataclass(frozen=True)
class Hazards:
    """What is known of a reagent.

    Attributes:
        name: As asked.
        cas: Its CAS number; empty if the name is not known here.
        molar_mass: In g/mol, if known.
        statements: H statements with their wording.
        facts: Occupational limits, carcinogen lists and flash point, in words.
        missing: What was looked for and not found, in words; absence is never safety.
    """

    name: str
    cas: str
    molar_mass: float | None
    statements: tuple[str, ...]
    facts: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def line(self) -> str:
        """All of it as one line for a worksheet."""
        if not self.cas:
            return f"{self.name}: no data in the shipped tables; consult the safety data sheet"
        known = "; ".join((*self.statements, *self.facts))
        absent = f"no data: {', '.join(self.missing)}" if self.missing else ""
        return f"{self.name} (CAS {self.cas}): {'; '.join(part for part in (known, absent) if part)}"


def hazards_of(name: str) -> Hazards:
    """What the shipped tables say of a reagent.

    Args:
        name: A common name of the table, or a CAS number. Other names are not guessed at: a wrong match would show
            another substance's hazards.

    Returns:
        Its hazards, and what is missing.

    Source:
        H statements: Regulation (EC) No 1272/2008, Annex VI. Limits, carcinogen lists and flash points: the data of
        the package chemicals (its documentation names the sources; IARC, NTP, Ontario's limits, DIPPR, NFPA).
    """
    from chemicals.identifiers import MW, check_CAS

    known = find_reagent(name)
    cas = known.cas if known else name.strip()
    if known is None and not (cas.replace("-", "").isdigit() and cas.count("-") == 2 and check_CAS(cas)):
        return Hazards(name, "", None, (), (), ("everything",))
    statements = tuple(f"{statement(code)}" for code in known.statements) if known else ()
    if statements:
        statements = (*statements[:-1], f"{statements[-1]} ({SOURCE})")
    facts, missing = _facts(cas)
    if not statements:
        missing = (f"harmonised H statements ({SOURCE})", *missing)
    try:
        mass = float(MW(cas))
    except ValueError:
        mass = None
    return Hazards(known.name if known else name, cas, mass, statements, facts, missing)


def _facts(cas: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from chemicals import TWA, Carcinogen, Skin, T_flash

    facts: list[str] = []
    missing: list[str] = []
    limit = TWA(cas)
    if limit:
        skin = ", also through the skin" if Skin(cas) else ""
        facts.append(f"occupational limit {_limit(cas, *limit)} (8 h mean){skin}")
    else:
        missing.append("occupational limit")
    lists = Carcinogen(cas)
    found = [
        f"{short}: {status[0].lower()}{status[1:]}"
        for short, status in (("IARC", str(lists.get(_IARC, ""))), ("NTP", str(lists.get(_NTP, ""))))
        if status and not status.startswith(_NOT_LISTED)
    ]
    facts += found
    if not found:
        missing.append("carcinogen lists")
    flash = T_flash(cas)
    if flash:
        facts.append(f"flash point {flash - 273.15:.0f} °C")
    else:
        missing.append("flash point")
    return tuple(facts), tuple(missing)


def _limit(cas: str, value: float, unit: str) -> str:
    """A limit as it is usually written: solids, which the data give as the ppm of a gas, in mg/m³ again."""
    from chemicals import T_flash
    from chemicals.identifiers import MW

    if unit == "ppm" and T_flash(cas) is None:
        return f"{value * MW(cas) / MOLAR_VOLUME:.2g} mg/m³"
    return f"{value:.3g} {unit}"
