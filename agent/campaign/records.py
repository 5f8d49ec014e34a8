"""What a campaign keeps: its description, what was proposed, and what was told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.records import Record, now
from agent.tools.optimisation.space import Space
from agent.units import counted

CAMPAIGN_VERSION = 1


class Campaign(Record):
    """The description of a campaign (``campaign.json``), fixed when it is made."""

    version: int = CAMPAIGN_VERSION
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    created: str = Field(default_factory=now)
    space: Space
    batch: int = Field(default=1, ge=1, le=96)
    seed: int = Field(default=0, ge=0)
    margin: float = Field(default=0.0, ge=0)
    """The improvement that would matter, in the first objective's unit."""
    """With several objectives: the share of the dominated hypervolume, at least 0.01."""
    stop_below: float = Field(default=0.05, ge=0, lt=1)
    """Stopping is advised when the chance of such an improvement falls below this."""
    replicates: int = Field(default=1, ge=1, le=24)
    """How often each experiment is measured."""
    learn_from: tuple[str, ...] = ()
    """Earlier campaigns in the same folder (or paths) whose results count as far as they foretell this one's."""
    origin: str = ""
    """The run that it was made from."""


class Near(Record):
    """A tested experiment near a proposed one, by its number."""

    experiment: int
    distance: float


class Foretold(Record):
    """What was predicted of one objective, in its unit."""

    objective: str
    mean: float
    deviation: float


class Effect(Record):
    """What a factor's setting changes in the prediction, against the best experiment at the time."""

    factor: str
    effect: float


class Proposal(Record):
    """One experiment, with its number (``proposals.jsonl``); ``own`` ones were brought by the researcher.

    ``mean``, ``deviation`` and ``gain`` (expected improvement) are in the objective's unit; with several objectives
    ``expected`` has them, and ``gain`` is the expected growth of the hypervolume as a share. ``chance`` is the
    probability that an untested point is better than the best by more than the margin, when it was proposed.
    ``relevance`` is the share of the predicted differences that each factor makes, ``weights`` what each earlier
    campaign counted.
    """

    experiment: int = Field(ge=1)
    round: int = Field(ge=0)
    point: dict[str, float | str]
    reason: Literal["spread", "earlier", "improvement", "exploit", "front", "own"]
    mean: float | None = None
    deviation: float | None = None
    gain: float | None = None
    expected: tuple[Foretold, ...] = ()
    drivers: tuple[Effect, ...] = ()
    chance: float | None = None
    relevance: dict[str, float] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)
    cost: float = 1.0
    nearest: tuple[Near, ...] = ()
    at: str = Field(default_factory=now)


class Told(Record):
    """What came of an experiment (``observations.jsonl``); the settings are those that were really used.

    ``outcomes`` are means of ``repeats`` measurements, which ``measured`` lists where there are several.
    """

    experiment: int = Field(ge=1)
    point: dict[str, float | str]
    outcomes: dict[str, float] = Field(default_factory=dict)
    failed: bool = False
    repeats: int = Field(default=1, ge=1)
    measured: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    note: str = ""
    at: str = Field(default_factory=now)

    def same_result(self, other: Told) -> bool:
        """Whether two tellings say the same."""
        return (self.point, self.outcomes, self.failed) == (other.point, other.outcomes, other.failed)


class State(Record):
    """A campaign as it stands on disk."""

    campaign: Campaign
    proposals: tuple[Proposal, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def pending(self) -> tuple[Proposal, ...]:
        """Proposals without a result (own experiments come with theirs: one without it was never told)."""
        done = {one.experiment for one in self.told}
        return tuple(one for one in self.proposals if one.experiment not in done and one.reason != "own")

    @property
    def round(self) -> int:
        """The last round proposed; 0 before the first."""
        return max((one.round for one in self.proposals), default=0)

    @property
    def best(self) -> Told | None:
        """The best result by the first objective."""
        objective = self.campaign.space.objectives[0]
        good = [one for one in self.told if not one.failed]
        return max(good, key=lambda one: objective.score(one.outcomes[objective.name]), default=None)

    @property
    def front(self) -> tuple[Told, ...]:
        """Results that no other betters in every objective, in the order in which they were told."""
        targets = self.campaign.space.objectives
        good = [one for one in self.told if not one.failed]
        scores = [[target.score(one.outcomes[target.name]) for target in targets] for one in good]
        return tuple(
            one
            for one, mine in zip(good, scores, strict=True)
            if not any(all(a >= b for a, b in zip(other, mine, strict=True)) and other != mine for other in scores)
        )

    @property
    def reached(self) -> bool:
        """Whether one experiment meets every objective that says what to reach."""
        aims = [one for one in self.campaign.space.objectives if one.reach is not None]
        return bool(aims) and any(
            all(aim.reached(one.outcomes[aim.name]) for aim in aims) for one in self.told if not one.failed
        )

    @property
    def chance(self) -> float | None:
        """The chance of a relevant improvement at the last proposal."""
        proposed = [one for one in self.proposals if one.reason != "own"]
        return proposed[-1].chance if proposed else None

    @property
    def advice(self) -> str:
        """What to do now, in a sentence."""
        if self.reached:
            return "Stop: the target is reached."
        chance = self.chance
        if chance is not None and chance < self.campaign.stop_below:
            better = "is better" if len(self.campaign.space.objectives) == 1 else "adds to the front"
            return f"Stop: the chance that an untested point {better} by more than the margin was {chance:.0%}."
        if self.pending:
            return f"Measure {counted(len(self.pending), 'open experiment')} and tell the results."
        return "Ask for the next experiments."
