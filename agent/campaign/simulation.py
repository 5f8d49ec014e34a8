"""The whole loop unattended: proposals go to the simulated laboratory, its results come back, until it is done."""

from __future__ import annotations

from collections.abc import Callable

from agent.campaign.folder import CampaignFolder
from agent.campaign.laboratory import Laboratory
from agent.campaign.records import State, Told
from agent.campaign.rounds import CallTool, propose, tell
from agent.campaign.sheets import Sheet

Watch = Callable[[State, list[Told]], None]


async def simulate(
    folder: CampaignFolder, laboratory: Laboratory, call: CallTool, *, most: int = 100, watch: Watch | None = None
) -> State:
    """Run a campaign on the simulated laboratory until its target is reached, stopping is advised, or nothing is left.

    Args:
        folder: The campaign; open experiments of an earlier, interrupted simulation are handed in first.
        laboratory: Where experiments are done.
        call: Calls a tool.
        most: Most experiments.
        watch: Called after every turn with the campaign and the results that came in.

    Returns:
        The campaign as it stands at the end.
    """
    state = folder.read()
    laboratory.begin(state.pending)
    while True:
        state = folder.read()
        stopping = state.reached or state.advice.startswith("Stop")
        room = most - len(state.told) - len(state.pending)
        fresh = ()
        if not stopping and room > 0:
            fresh = await propose(folder, call, min(state.campaign.batch, room))
            laboratory.begin(fresh)
        elif state.reached or not state.pending:
            return state
        if not fresh and not folder.read().pending:
            return folder.read()
        results = laboratory.turn()
        if results:
            tell(folder, lambda _, results=results: _sheet(results))
        if watch is not None:
            watch(folder.read(), results)


def _sheet(results: list[Told]) -> Sheet:
    sheet = Sheet()
    sheet.told = results
    return sheet
