"""The loop: propose the next experiments, take in what was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from agent.campaign.folder import CampaignFolder
from agent.campaign.records import Campaign, Near, Proposal, State, Told
from agent.campaign.sheets import Sheet
from agent.errors import ConflictError, InputError, TerminalToolError
from agent.records import Result

CallTool = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
"""Calls a tool of the catalogue and gives its envelope."""


class TellOutcome(NamedTuple):
    """What a telling did.

    Attributes:
        kept: Results written now.
        known: Experiments whose same result was known before.
        blank: Experiments of the sheet that have no result yet.
    """

    kept: tuple[Told, ...]
    known: tuple[int, ...]
    blank: tuple[int, ...]


async def propose(folder: CampaignFolder, call: CallTool, batch: int | None = None) -> tuple[Proposal, ...]:
    """Propose the next experiments and keep them.

    Args:
        folder: The campaign.
        call: Calls the tool ``suggest_experiments``.
        batch: How many, in place of the campaign's own number.

    Returns:
        The proposals; none if every point of the space was tested.

    Raises:
        TerminalToolError: The tool failed; the message says why.
    """
    if batch is not None and not 1 <= batch <= 96:
        raise InputError(f"A batch of {batch} cannot be made.", remedy="Ask for 1 to 96 experiments.")
    with folder.locked("next"):
        state = folder.read()
        campaign = state.campaign
        result = await call(
            "suggest_experiments",
            {
                "space": campaign.space.plain(),
                "observations": _observations(state),
                "pending": [one.point for one in state.pending],
                "batch": batch or campaign.batch,
                "random_seed": campaign.seed,
                "margin": campaign.margin,
                **({"earlier": _earlier(folder, campaign)} if campaign.learn_from else {}),
            },
        )
        if result.status == "error":
            assert result.error is not None
            raise TerminalToolError(result.error.message, remedy=result.error.remedy)
        with folder.locked():
            # Somebody may have told experiments of their own meanwhile: numbers go on behind those.
            last = max((one.experiment for one in folder.read().proposals), default=0)
            made = [
                _proposal(last + place, state, suggestion, result.data)
                for place, suggestion in enumerate(result.data.get("suggestions", []), 1)
            ]
            folder.append_proposals(made)
    return tuple(made)


def tell(folder: CampaignFolder, read: Callable[[State], Sheet]) -> TellOutcome:
    """Take in results: all of a sheet, or none if anything in it does not fit.

    Args:
        folder: The campaign.
        read: Reads the sheet against the campaign as it stands (called while the campaign is held).

    Raises:
        InputError: Something does not fit.
        ConflictError: An experiment was told before with another result.
    """
    with folder.locked():
        state = folder.read()
        sheet = read(state)
        before = {one.experiment: one for one in state.told}
        fresh, known = [], []
        for one in sheet.told:
            earlier = before.get(one.experiment)
            if earlier is None:
                fresh.append(one)
            elif earlier.same_result(one):
                known.append(one.experiment)
            else:
                raise ConflictError(
                    f"Experiment {one.experiment} was told before with another result"
                    f" ({_said(earlier)}; now {_said(one)}).",
                    remedy="Results are never changed: tell a repeat as one of your own, without a number.",
                )
        last = max((one.experiment for one in state.proposals), default=0)
        own = [one.model_copy(update={"experiment": last + place}) for place, one in enumerate(sheet.own, 1)]
        folder.append_proposals(
            [
                Proposal(
                    experiment=one.experiment,
                    round=state.round,
                    point=one.point,
                    reason="own",
                    cost=state.campaign.space.cost(one.point),
                )
                for one in own
            ]
        )
        folder.append_told([*fresh, *own])
    return TellOutcome((*fresh, *own), tuple(known), tuple(sheet.blank))


def _proposal(number: int, state: State, suggestion: Mapping[str, Any], advice: Mapping[str, Any]) -> Proposal:
    return Proposal(
        experiment=number,
        round=state.round + 1,
        point=suggestion["point"],
        reason=suggestion["reason"],
        mean=suggestion["mean"],
        deviation=suggestion["deviation"],
        gain=suggestion["gain"],
        expected=suggestion["expected"],
        drivers=suggestion["drivers"],
        chance=advice.get("chance"),
        relevance=advice.get("relevance", {}),
        weights=advice.get("weights", {}),
        cost=suggestion["cost"],
        nearest=tuple(
            Near(experiment=state.told[one["experiment"]].experiment, distance=one["distance"])
            for one in suggestion["nearest"]
        ),
    )


def _observations(state: State) -> list[dict[str, Any]]:
    return [
        {"point": one.point, "outcomes": one.outcomes, "failed": one.failed, "repeats": one.repeats}
        for one in state.told
    ]


def _earlier(folder: CampaignFolder, campaign: Campaign) -> list[dict[str, Any]]:
    """The campaigns to learn from, as they stand."""
    states = [CampaignFolder.find(folder.path.parent, name).read() for name in campaign.learn_from]
    return [
        {
            "name": state.campaign.name,
            "space": state.campaign.space.plain(),
            "observations": _observations(state),
        }
        for state in states
        if any(not one.failed for one in state.told)
    ]


def _said(told: Told) -> str:
    return "failed" if told.failed else ", ".join(f"{name} {value:g}" for name, value in told.outcomes.items())
