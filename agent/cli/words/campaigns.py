"""The words of ``gedanken campaign``: its sub-commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command
from agent.cli.words.options import Save

campaigns = typer.Typer(
    help="Optimise by experiments: propose, measure, tell, again.", no_args_is_help=True, rich_markup_mode=None
)

CAMPAIGNS = Path("campaigns")
Campaigns = Annotated[Path, typer.Option("--folder", metavar="DIR", help="Where campaigns are kept.")]
CampaignName = Annotated[str, typer.Argument(help="The campaign's name.")]
Batch = Annotated[int | None, typer.Option("--batch", min=1, max=96, help="Experiments a round.")]
AnySeed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of everything random (default: the file's).")]
Margin = Annotated[float | None, typer.Option("--margin", min=0, help="The improvement that would matter.")]


@command(campaigns, "out")
def new(
    given: Given,
    name: CampaignName,
    space: Annotated[
        Path | None, typer.Option("--space", metavar="FILE", help="Factors, constraints, objectives (TOML).")
    ] = None,
    from_run: Annotated[
        str | None, typer.Option("--from-run", metavar="RUN", help="Make it of a run's candidates and experiment.")
    ] = None,
    batch: Batch = None,
    seed: AnySeed = None,
    margin: Margin = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", min=1, max=24, help="How often each experiment is measured.")
    ] = None,
    learn_from: Annotated[
        list[str] | None, typer.Option("--learn-from", metavar="NAME", help="An earlier campaign; may be given again.")
    ] = None,
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Begin a campaign from a space file, or from a run."""
    from agent.cli.work.campaigns import new_campaign

    changed = {"batch": batch, "seed": seed, "margin": margin, "replicates": replicates}
    changed |= {"learn_from": tuple(learn_from) if learn_from else None}
    return new_campaign(name, space, from_run, folder, changed, given)


@command(campaigns, "home", name="next")
def next_experiments(
    given: Given,
    name: CampaignName,
    batch: Batch = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Where the sheet to fill in goes.")
    ] = None,
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Propose the next experiments, and write the sheet to fill in."""
    from agent.cli.work.campaigns import next_experiments

    return next_experiments(name, folder, batch, sheet, given)


@command(campaigns)
def tell(
    given: Given,
    name: CampaignName,
    words: Annotated[list[str], typer.Argument(metavar="SHEET|key=value...", help="A filled-in sheet, or one result.")],
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Tell results, as in: gedanken campaign tell suzuki experiment=3 yield=81.2."""
    from agent.cli.work.campaigns import tell_results

    return tell_results(name, folder, words, given)


@command(campaigns, "home")
def run(
    given: Given,
    name: CampaignName,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="SHEET|key=value...", help="Results, in answer to its question.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Most results.")] = 1000,
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Carry a campaign on as an agent: it proposes, waits with a question, takes results in, and goes on."""
    from agent.cli.work.campaigns import carry_campaign

    return carry_campaign(name, folder, list(words or ()), most, given)


@command(campaigns)
def status(
    given: Given,
    name: Annotated[str | None, typer.Argument(help="The campaign; all of them without one.")] = None,
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Say where a campaign stands and what to do now."""
    from agent.cli.work.campaigns import show_status

    return show_status(name, folder, given)


@command(campaigns)
def report(given: Given, name: CampaignName, save: Save = None, folder: Campaigns = CAMPAIGNS) -> Work:
    """Tell a campaign's story in Markdown."""
    from agent.cli.work.campaigns import write_report

    return write_report(name, folder, save, given)


@command(campaigns, "home")
def simulate(
    given: Given,
    name: CampaignName,
    space: Annotated[Path | None, typer.Option("--space", metavar="FILE", help="A space file, with --table.")] = None,
    table: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="Measured responses (CSV); by default a reaction.")
    ] = None,
    noise: Annotated[float, typer.Option("--noise", min=0, help="Standard deviation of a measurement.")] = 1.0,
    failures: Annotated[float, typer.Option("--failures", min=0, max=0.9, help="Share of failed experiments.")] = 0.05,
    delay: Annotated[int, typer.Option("--delay", min=0, max=20, help="Most rounds that a result is late.")] = 1,
    most: Annotated[int, typer.Option("--most", min=1, help="Most experiments.")] = 80,
    batch: Batch = None,
    seed: AnySeed = None,
    margin: Margin = None,
    folder: Campaigns = CAMPAIGNS,
) -> Work:
    """Run a whole campaign unattended on a simulated laboratory."""
    from agent.cli.work.campaigns import simulate_campaign

    laboratory = {"noise": noise, "failures": failures, "delay": delay, "seed": seed or 0}
    changed = {"batch": batch, "seed": seed, "margin": margin}
    return simulate_campaign(name, folder, space, table, laboratory, most, changed, given)
