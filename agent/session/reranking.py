"""Ranking again: what the researcher has said of a run's hypotheses counts, and is recorded."""

from __future__ import annotations

from pathlib import Path

from agent import events as ev
from agent.errors import InputError
from agent.memory.history import fold
from agent.memory.ledger import LEDGER, Ledger, read_ledger
from agent.memory.opinions import JUDGE, opinion_verdicts, read_opinions
from agent.memory.runs import read_info, run_lock
from agent.session.ending import RunOutcome, outcome_of


def rerank(folder: Path) -> RunOutcome:
    """Rank a run's hypotheses again with the researcher's verdicts as they stand now, and rewrite the bundle.

    Machine verdicts stay as they were; earlier verdicts of the researcher give way to the present ones. If nothing
    has changed, nothing is written.

    Args:
        folder: The run's folder.

    Returns:
        The run as it stands; its status does not change.

    Raises:
        InputError: It is not a run, or its hypotheses were not ranked yet.
        StorageError: Another process carries the run on, or the disk refuses.
    """
    from agent.memory.bundle import write_bundle
    from agent.reasoning.ranking import ranked

    with run_lock(folder):
        info = read_info(folder)
        history = fold(read_ledger(folder / LEDGER))
        if not any(one.rating is not None for one in history.hypotheses):
            raise InputError(
                f"The run {info.id} has no ranked hypotheses.", remedy=f"`gedanken resume {info.id}` carries it on."
            )
        said = opinion_verdicts(read_opinions(folder), [one.id for one in history.hypotheses])
        verdicts = (*(one for one in history.verdicts if one.judge != JUDGE), *said)
        if verdicts != history.verdicts:
            event = ev.HypothesesRanked(hypotheses=ranked(history.hypotheses, verdicts), verdicts=verdicts)
            Ledger(folder).append(event)
            history.apply(event)
        write_bundle(folder, info, history)
        return outcome_of(folder, info, history, 3 if info.status == "waiting" else 0)
