"""A campaign as an agent: the rounds that its graph drives, on the functions that the command line uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.campaign.folder import CampaignFolder
from agent.campaign.rounds import CallTool, TellOutcome, propose, tell
from agent.campaign.sheets import read_sheet, read_words, template
from agent.errors import InputError
from agent.memory.files.disk import write_text

if TYPE_CHECKING:
    from agent.graphs.campaign import CampaignOutcome, Standing
    from agent.session import Session


class FolderRounds:
    """The rounds of a campaign on disk.

    Args:
        folder: The campaign.
        call: Calls a tool.
    """

    def __init__(self, folder: CampaignFolder, call: CallTool) -> None:
        self.folder = folder
        self._call = call

    def standing(self) -> Standing:
        """Where the campaign stands now."""
        state = self.folder.read()
        return {
            "open": [one.experiment for one in state.pending],
            "told": len(state.told),
            "round": state.round,
            "stop": state.advice if state.advice.startswith("Stop") else "",
            "advice": state.advice,
            "sheet": str(self.folder.path / f"round-{state.round}.csv"),
        }

    async def propose(self) -> int:
        """Propose the next experiments and write their sheet; how many there are."""
        made = await propose(self.folder, self._call)
        if made:
            campaign = self.folder.read().campaign
            path = self.folder.path / f"round-{made[0].round}.csv"
            write_text(path, template(campaign.space, made, campaign.replicates))
        return len(made)

    def tell(self, answer: Any) -> Mapping[str, Any]:
        """Take in results.

        Args:
            answer: The path of a filled-in sheet, ``key=value`` words (in one string or several), or a mapping such as
                ``{"experiment": 3, "yield": 81.2}``.
        """
        outcome = tell_answer(self.folder, answer)
        return {
            "kept": [one.experiment for one in outcome.kept],
            "known": list(outcome.known),
            "blank": list(outcome.blank),
        }


def tell_answer(folder: CampaignFolder, answer: Any) -> TellOutcome:
    """Take in results as somebody wrote them; see `FolderRounds.tell`.

    Raises:
        InputError: They cannot be read, or do not fit.
        ConflictError: An experiment was told before with another result.
    """
    if isinstance(answer, Mapping):
        answer = [f"{key}={value}" for key, value in answer.items()]
    if isinstance(answer, str):
        answer = answer.split() if "=" in answer and not Path(answer).is_file() else [answer]
    if not isinstance(answer, Sequence) or not answer or not all(isinstance(one, str) for one in answer):
        raise InputError("There is nothing to tell.", remedy="Name a sheet, or write experiment=3 yield=81.2.")
    words = [str(one) for one in answer]
    if len(words) == 1 and "=" not in words[0]:
        return tell(folder, lambda state: read_sheet(Path(words[0]), state))
    return tell(folder, lambda state: read_words(words, state))


async def carry_on(
    session: Session, folder: CampaignFolder, call: CallTool, *, answer: Any = None, most: int = 1000
) -> CampaignOutcome:
    """Carry a campaign on until it asks for results or is over; a killed one goes on where it was.

    Args:
        session: Whose checkpoints are used.
        folder: The campaign.
        call: Calls a tool.
        answer: Results, in answer to the question that it waits with.
        most: Most results.
    """
    from agent.graphs.campaign import carry_on_campaign

    campaign = folder.read().campaign
    thread = f"campaign {folder.path.resolve()} {campaign.created}"
    async with session.checkpoints() as saver:
        return await carry_on_campaign(FolderRounds(folder, call), saver, thread, answer=answer, most=most)
