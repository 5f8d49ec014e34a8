"""``protocol``: an experiment's protocol out of a bundle, for the robot that will run it, simulated on the way."""

from __future__ import annotations

import json
from pathlib import Path

from agent.cli.command import Given
from agent.errors import GedankenError, InputError
from agent.memory.bundle import read_bundle
from agent.memory.files.disk import write_text
from agent.memory.runs import find_run
from agent.records import Experiment, Result
from agent.session import Session

ROBOTS = ("neutral", "pylabrobot", "ot2", "flex")


async def show_protocol(run: str, experiment: str | None, robot: str, save: Path | None, given: Given) -> int:
    """``gedanken protocol RUN [EXPERIMENT]``: simulate it, and write it where ``--save`` says."""
    if robot not in ROBOTS:
        raise InputError(f"There is no robot '{robot}'.", remedy=f"Protocols are written for {', '.join(ROBOTS)}.")
    folder = find_run(given.settings.out, run)
    chosen = _chosen(read_bundle(folder).experiments, experiment)
    path = folder / str(chosen.protocol_file)
    if not path.is_file():
        raise InputError(f"{path} is not there any more.", remedy="The bundle was changed: run the goal anew.")
    protocol = json.loads(path.read_text(encoding="utf-8"))
    simulators = ["pylabrobot", "ot2", "flex"] if robot == "neutral" else [robot]
    async with Session(given.settings) as session:
        simulated = (await session.call("simulate_protocol", {"protocol": protocol, "robots": simulators})).result
        written = None
        if save is not None:
            form = "neutral" if robot in ("neutral", "pylabrobot") else robot
            written = (await session.call("write_protocol", {"protocol": protocol, "robot": form})).result
    _raise(simulated)
    if written is not None and save is not None:
        _raise(written)
        write_text(save, written.artifacts[0].content)
    refused = any(one["status"] == "refused" for one in simulated.data["robots"].values())
    told = {"experiment": chosen.id, "file": str(save or path), "check": simulated.summary}
    given.say({**told, "robots": simulated.data["robots"]}, f"{chosen.id}: {simulated.summary}\n{save or path}")
    return 1 if refused else 0


def _chosen(experiments: tuple[Experiment, ...], name: str | None) -> Experiment:
    """The experiment of that id, or the first that has a protocol."""
    having = [one for one in experiments if one.protocol_file]
    found = next((one for one in experiments if one.id == name), None) if name else next(iter(having), None)
    if found is None:
        known = ", ".join(one.id for one in having) or "none"
        what = f"no experiment '{name}'" if name else "no experiment with a robot protocol"
        raise InputError(f"The run has {what}.", remedy=f"With a protocol: {known}.")
    if not found.protocol_file:
        raise InputError(f"{found.id} has no robot protocol. {found.protocol_check}", remedy="Its worksheet says how.")
    return found


def _raise(result: Result) -> None:
    if result.error is not None:
        raise GedankenError(result.error.message, remedy=result.error.remedy)
