"""The words of one goal's run: ``run``, ``resume``, ``cancel``, ``replay``, ``runs`` and ``protocol``."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.command import Given, Work, command
from agent.cli.words.options import LIMITS, Approve, ApproveCostly, Attach, RunName, Save, Seed

runs = typer.Typer()


@command(runs, *LIMITS, "model", "reasoner", "cluster", "workers", "out", "home")
def run(
    given: Given,
    goal: Annotated[str, typer.Argument(help="The research goal, in plain words.")],
    attach: Attach = None,
    approve: Approve = False,
    approve_costly: ApproveCostly = False,
    seed: Seed = 0,
) -> Work:
    """Carry a goal through: plan, compute, hypothesise, design experiments, report."""
    from agent.cli.work.runs import run_goal
    from agent.records import Goal

    asked = Goal(text=goal, attachments=tuple(map(str, attach or ())), seed=seed)
    return run_goal(asked, approve or (approve_costly and "costly"), given)


@command(runs, "model", "cluster", "workers", "out", "home")
def resume(
    given: Given,
    run: RunName,
    answer: Annotated[
        str | None,
        typer.Option("--answer", help="The answer to its question: words, or a JSON object with changes to the plan."),
    ] = None,
    approve: Approve = False,
    approve_costly: ApproveCostly = False,
) -> Work:
    """Carry a stopped, killed or waiting run on; finished steps are not repeated."""
    from agent.cli.work.runs import resume_run

    return resume_run(run, answer, approve or (approve_costly and "costly"), given)


@command(runs, "out")
def cancel(
    given: Given,
    run: RunName,
    step: Annotated[str, typer.Argument(help="The step to cancel, as in s4; the rest of the run goes on.")],
) -> Work:
    """Cancel one step of a run, whoever carries it on."""
    from agent.cli.work.runs import cancel_step

    return cancel_step(run, step, given)


@command(runs, "out", "home", "workers")
def replay(given: Given, run: RunName) -> Work:
    """Run a run's tools again, without the cache, and compare every result."""
    from agent.cli.work.runs import replay_run

    return replay_run(run, given)


@command(runs, "out", "home", name="runs")
def list_runs(given: Given) -> Work:
    """List the runs in the bundle folder, newest last."""
    from agent.cli.work.runs import list_runs

    return list_runs(given)


@command(runs, "out", "home")
def protocol(
    given: Given,
    run: RunName,
    experiment: Annotated[
        str | None, typer.Argument(help="Its experiment (default: the first with a protocol).")
    ] = None,
    robot: Annotated[
        str, typer.Option("--robot", metavar="WHICH", help="neutral, pylabrobot, ot2 or flex.")
    ] = "neutral",
    save: Save = None,
) -> Work:
    """Simulate an experiment's robot protocol, and write it for the robot that will run it."""
    from agent.cli.work.protocols import show_protocol

    return show_protocol(run, experiment, robot, save, given)
