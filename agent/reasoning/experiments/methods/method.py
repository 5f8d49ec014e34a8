"""A method of measurement: conditions, repeatability, controls, steps.

Figures inside the steps are settings, named in braces and sourced to the method; they are usual choices to be adapted,
and repeatabilities without a citation are assumptions that a pilot has to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.records import CandidateKind

Setting = tuple[float, str]


@dataclass(frozen=True)
class Expected:
    """Where a control should read: lower and upper end in the method's unit, and where that comes from."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Method:
    """One way to measure one quantity.

    Attributes:
        quantity: Key of the vocabulary that it tests.
        kind: What it is measured on.
        measures: What is measured, as prose names it.
        method: Name of the method with its instrument.
        unit: Unit of the result.
        condition: Conditions, as a template over the settings.
        spread: Standard deviation of one measurement, in ``unit``.
        spread_source: Where that is published, or ``method:assumed``.
        direct: Whether the result is the estimated quantity itself (else it bears on it, in another unit).
        settings: Values and units that the templates refer to.
        steps: Templates of the procedure, after the samples are at hand.
        controls: Positive, negative and vehicle (or blank) control.
        materials: What is needed.
        hazards: Of the method itself.
        days: Working days for one batch; an estimate.
        cost: Consumables of one sample in US dollars; an assumption.
        stock: Whether samples are prepared as a solution in DMSO.
        expected: By role, where a control should read; a role that is missing has no range that we know of.
    """

    quantity: str
    kind: CandidateKind
    measures: str
    method: str
    unit: str
    condition: str
    spread: float
    spread_source: str
    controls: tuple[str, str, str]
    steps: tuple[str, ...]
    materials: tuple[str, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    hazards: tuple[str, ...] = ()
    days: float = 3.0
    cost: float = 10.0
    direct: bool = True
    stock: bool = False
    expected: Mapping[str, Expected] = field(default_factory=dict)

    def said(self, control: str) -> str:
        """A control with where it should read, or with the word that nobody says so."""
        from agent.units import print_value

        role = control.partition(":")[0]
        if (known := self.expected.get(role)) is not None:
            low, high = (print_value(value, self.unit) for value in (known.low, known.high))
            return f"{control}; should read between {low} and {high} ({known.source})"
        if role in ("positive", "negative"):
            return f"{control}; no range of its value is known here: only its difference to the others is checked"
        return control


ASSUMED = "method:assumed"
"""Where a repeatability comes from that nobody has published."""


def condition_text(method: Method) -> str:
    """The conditions as plain prose, with the settings filled in."""
    return fill(method.condition, method)


def fill(template: str, method: Method) -> str:
    """A template with the method's settings printed into it."""
    from agent.units import print_value

    for name, (value, unit) in method.settings.items():
        template = template.replace("{{" + name + "}}", print_value(value, unit))
    return template
