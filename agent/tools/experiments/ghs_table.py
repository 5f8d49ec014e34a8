"""Hazard statements of common reagents, as the European Union has harmonised them.

The statements are those of Regulation (EC) No 1272/2008 (CLP), Annex VI, Table 3 (minimum classifications included
without their asterisk); their wording is that of Annex III. A reagent with an empty tuple has no harmonised entry:
suppliers classify it themselves, and that is no statement of safety.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "CLP Annex VI"


@dataclass(frozen=True)
class Reagent:
    """A reagent: its CAS number, other names, and the H statements of its harmonised classification."""

    name: str
    cas: str
    statements: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


STATEMENTS: dict[str, str] = {
    "H225": "Highly flammable liquid and vapour",
    "H226": "Flammable liquid and vapour",
    "H300": "Fatal if swallowed",
    "H301": "Toxic if swallowed",
    "H302": "Harmful if swallowed",
    "H304": "May be fatal if swallowed and enters airways",
    "H310": "Fatal in contact with skin",
    "H311": "Toxic in contact with skin",
    "H312": "Harmful in contact with skin",
    "H314": "Causes severe skin burns and eye damage",
    "H315": "Causes skin irritation",
    "H319": "Causes serious eye irritation",
    "H330": "Fatal if inhaled",
    "H331": "Toxic if inhaled",
    "H332": "Harmful if inhaled",
    "H335": "May cause respiratory irritation",
    "H336": "May cause drowsiness or dizziness",
    "H351": "Suspected of causing cancer",
    "H360D": "May damage the unborn child",
    "H360F": "May damage fertility",
    "H361d": "Suspected of damaging the unborn child",
    "H361f": "Suspected of damaging fertility",
    "H370": "Causes damage to organs",
    "H372": "Causes damage to organs through prolonged or repeated exposure",
    "H373": "May cause damage to organs through prolonged or repeated exposure",
    "H410": "Very toxic to aquatic life with long lasting effects",
    "H411": "Toxic to aquatic life with long lasting effects",
    "H412": "Harmful to aquatic life with long lasting effects",
}
"""Wording of the statements (CLP Annex III), without the route or organ that an entry may add."""

REAGENTS: tuple[Reagent, ...] = (
    # --- solvents and eluents ---------------------------------------------------------------------------------------
    Reagent("acetone", "67-64-1", ("H225", "H319", "H336"), ("propanone",)),
    Reagent("acetonitrile", "75-05-8", ("H225", "H302", "H312", "H332", "H319"), ("mecn",)),
    Reagent("methanol", "67-56-1", ("H225", "H301", "H311", "H331", "H370"), ("meoh",)),
    Reagent("ethanol", "64-17-5", ("H225",), ("etoh",)),
    Reagent("propan-2-ol", "67-63-0", ("H225", "H319", "H336"), ("isopropanol", "2-propanol")),
    Reagent("1-octanol", "111-87-5", (), ("octanol", "octan-1-ol")),
    Reagent("toluene", "108-88-3", ("H225", "H304", "H315", "H336", "H361d", "H373")),
    Reagent("n-hexane", "110-54-3", ("H225", "H304", "H315", "H336", "H361f", "H373", "H411"), ("hexane",)),
    Reagent("chloroform", "67-66-3", ("H302", "H315", "H319", "H331", "H351", "H361d", "H372")),
    Reagent("dichloromethane", "75-09-2", ("H351",), ("dcm", "methylene chloride")),
    Reagent("N,N-dimethylformamide", "68-12-2", ("H312", "H319", "H332", "H360D"), ("dmf", "dimethylformamide")),
    Reagent("tetrahydrofuran", "109-99-9", ("H225", "H319", "H335", "H351"), ("thf",)),
    Reagent("ethyl acetate", "141-78-6", ("H225", "H319", "H336")),
    Reagent("dimethyl sulfoxide", "67-68-5", (), ("dmso",)),
    # --- acids, bases, salts ----------------------------------------------------------------------------------------
    Reagent("formic acid", "64-18-6", ("H314",)),
    Reagent("acetic acid", "64-19-7", ("H226", "H314")),
    Reagent("trifluoroacetic acid", "76-05-1", ("H314", "H332", "H412"), ("tfa",)),
    Reagent("phosphoric acid", "7664-38-2", ("H314",)),
    Reagent("sodium hydroxide", "1310-73-2", ("H314",), ("naoh",)),
    Reagent("potassium dihydrogen phosphate", "7778-77-0", ()),
    Reagent("dipotassium hydrogen phosphate", "7758-11-4", ()),
    Reagent("sodium chloride", "7647-14-5", (), ("nacl",)),
    Reagent("silicon", "7440-21-3", ()),
    # --- reference compounds of the controls ------------------------------------------------------------------------
    Reagent("caffeine", "58-08-2", ("H302",)),
    Reagent("griseofulvin", "126-07-8", ()),
    Reagent("warfarin", "81-81-2", ("H300", "H310", "H330", "H360D", "H372", "H411")),
    Reagent("atenolol", "29122-68-7", ()),
    Reagent("propranolol", "525-66-6", ()),
    Reagent("verapamil", "52-53-9", ()),
    Reagent("theophylline", "58-55-9", ()),
    Reagent("ketoconazole", "65277-42-1", ("H301", "H360F", "H373", "H410")),
    Reagent("quinidine", "56-54-2", ()),
    Reagent("dofetilide", "115256-11-6", ()),
    Reagent("chlorpromazine", "50-53-3", ()),
)  # fmt: skip


def find_reagent(name: str) -> Reagent | None:
    """The reagent of that name, other name or CAS number; ``None`` if the table does not hold it."""
    key = name.strip().lower()
    return next((one for one in REAGENTS if key in (one.name.lower(), one.cas, *one.names)), None)


def statement(code: str) -> str:
    """A statement with its wording: ``H225 Highly flammable liquid and vapour``."""
    return f"{code} {STATEMENTS[code]}"
