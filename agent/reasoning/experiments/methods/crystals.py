"""How quantities of crystals are measured."""

from __future__ import annotations

from agent.reasoning.experiments.methods.method import ASSUMED, Expected, Method

_XRD_STEPS = (
    "Synthesise each composition by the route that the laboratory has for it, and record precursors, masses and temperatures.",
    "Grind with an internal standard (silicon) and load without texture.",
    "Collect a pattern from {{from}} to {{to}} in 2θ at {{temperature}}.",
    "Index and refine by Rietveld; accept a phase fraction of at least {{purity}} and report the refined value with its standard uncertainty.",
)
_XRD = {
    "kind": "crystal",
    "method": "powder X-ray diffraction with Rietveld refinement",
    "condition": "refined from powder diffraction at {{temperature}}, phase fraction at least {{purity}}",
    "spread_source": ASSUMED,
    "controls": (
        "positive: a well-known compound of the same structure type",
        "negative: the unreacted mixture of the precursors",
        "blank: the empty sample holder with the internal standard",
    ),
    "steps": _XRD_STEPS,
    "materials": ("precursors of known purity", "silicon standard", "powder diffractometer"),
    "settings": {
        "from": (10.0, "degree"),
        "to": (90.0, "degree"),
        "temperature": (25.0, "degC"),
        "purity": (95.0, "percent"),
    },
    "hazards": ("X-rays: interlocked enclosure", "fine powders: work in a fume hood"),
    "days": 5.0,
    "cost": 60.0,
}

METHODS: tuple[Method, ...] = (
    Method(quantity="lattice_a", measures="lattice constant", unit="angstrom", spread=0.005, **_XRD),
    Method(quantity="density", measures="X-ray density", unit="g/cm**3", spread=0.02, **_XRD),
    Method(quantity="volume_per_atom", measures="volume per atom", unit="angstrom**3", spread=0.05, **_XRD),
    Method(
        quantity="band_gap", kind="crystal", measures="optical band gap", method="UV-vis diffuse reflectance (Tauc analysis)", unit="eV",
        condition="optical gap from diffuse reflectance at {{temperature}}", spread=0.05, spread_source=ASSUMED,
        controls=("positive: a semiconductor of known gap (TiO2 anatase)", "negative: the unreacted mixture of the precursors", "blank: the white standard alone"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Measure diffuse reflectance against a white standard at {{temperature}}, convert by Kubelka and Munk, and extrapolate the Tauc plot for direct and for indirect gaps.",
        ),
        materials=("precursors of known purity", "white reflectance standard", "UV-vis-NIR spectrometer with integrating sphere"),
        settings={"temperature": (25, "degC"), "purity": (95, "percent")}, hazards=("fine powders: work in a fume hood",), days=5.0, cost=60.0,
        expected={"positive": Expected(3.0, 3.4, "3.2 eV of anatase, Tang et al., J. Appl. Phys. 75 (1994) 2042; 0.2 either way")},
    ),
    Method(
        quantity="formation_energy", kind="crystal", measures="enthalpy of formation per atom", method="high-temperature oxide-melt or combustion calorimetry", unit="eV/atom",
        condition="standard enthalpy of formation by calorimetry at {{temperature}}", spread=0.02, spread_source=ASSUMED,
        controls=("positive: a compound of known enthalpy of formation", "negative: the mechanical mixture of the end members", "blank: the solvent without sample"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Drop pellets into the calorimeter, calibrate with the heat content of alumina, and close the thermodynamic cycle with the end members.",
        ),
        materials=("precursors of known purity", "calorimeter", "reference compounds"),
        settings={"temperature": (25, "degC"), "purity": (95, "percent")}, hazards=("molten solvent: burns",), days=10.0, cost=150.0,
    ),
    Method(
        quantity="bulk_modulus", kind="crystal", measures="bulk modulus", method="high-pressure powder diffraction in a diamond anvil cell", unit="gigapascal",
        condition="isothermal bulk modulus from the equation of state at {{temperature}}, pressures up to {{pressure}}", spread=5.0, spread_source=ASSUMED,
        controls=("positive: a standard of known equation of state (NaCl or MgO)", "negative: the pressure medium alone", "blank: the empty gasket"),
        steps=(
            "Synthesise each composition and confirm the phase by powder XRD, at least {{purity}} of it.",
            "Load with a pressure standard and a hydrostatic medium and collect patterns at {{points}} pressures or more up to {{pressure}}.",
            "Refine the volumes and fit a third-order Birch-Murnaghan equation of state.",
        ),
        materials=("precursors of known purity", "diamond anvil cell", "pressure standard", "synchrotron or laboratory diffractometer"),
        settings={"temperature": (25, "degC"), "pressure": (10, "gigapascal"), "points": (8, "1"), "purity": (95, "percent")},
        hazards=("high pressure and diamonds: eye protection", "X-rays: interlocked enclosure"), days=10.0, cost=300.0,
    ),
)  # fmt: skip
