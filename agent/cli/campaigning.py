"""The words of ``gedanken campaign``: its sub-commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.words import Debug, Home, Json, Out, Save, run_command

campaigns = typer.Typer(
    help="Optimise by experiments: propose, measure, tell, again.", no_args_is_help=True, rich_markup_mode=None
)

Campaigns = Annotated[Path, typer.Option("--folder", metavar="DIR", help="Where campaigns are kept.")]
CampaignName = Annotated[str, typer.Argument(help="The campaign's name.")]
Batch = Annotated[int | None, typer.Option("--batch", min=1, max=96, help="Experiments a round.")]
AnySeed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of everything random (default: the file's).")]
Margin = Annotated[float | None, typer.Option("--margin", min=0, help="The improvement that would matter.")]
CAMPAIGNS = Path("campaigns")
LearnFrom = Annotated[
    list[str] | None, typer.Option("--learn-from", metavar="NAME", help="An earlier campaign; may be given again.")
]
Replicates = Annotated[
    int | None, typer.Option("--replicates", min=1, max=24, help="How often each experiment is measured.")
]


@campaigns.command("new")
def new_campaign(
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
    replicates: Replicates = None,
    learn_from: LearnFrom = None,
    folder: Campaigns = CAMPAIGNS,
    out: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Begin a campaign from a space file, or from a run."""
    from agent.cli.campaign import new_campaign as work

    changed = {"batch": batch, "seed": seed, "margin": margin, "replicates": replicates}
    changed |= {"learn_from": tuple(learn_from) if learn_from else None}
    run_command(
        lambda: work(name, space, from_run, folder, as_json, changed, {"out": out}), debug=debug, as_json=as_json
    )


@campaigns.command("next")
def next_experiments(
    name: CampaignName,
    batch: Batch = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Where the sheet to fill in goes.")
    ] = None,
    folder: Campaigns = CAMPAIGNS,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Propose the next experiments, and write the sheet to fill in."""
    from agent.cli.campaign import next_experiments as work

    run_command(lambda: work(name, folder, batch, sheet, as_json, {"home": home}), debug=debug, as_json=as_json)


@campaigns.command("tell")
def tell_results(
    name: CampaignName,
    words: Annotated[list[str], typer.Argument(metavar="SHEET|key=value...", help="A filled-in sheet, or one result.")],
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell results, as in: gedanken campaign tell suzuki experiment=3 yield=81.2."""
    from agent.cli.campaign import tell_results as work

    run_command(lambda: work(name, folder, words, as_json), debug=debug, as_json=as_json)


@campaigns.command("run")
def run_campaign(
    name: CampaignName,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="SHEET|key=value...", help="Results, in answer to its question.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Most results.")] = 1000,
    folder: Campaigns = CAMPAIGNS,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Carry a campaign on as an agent: it proposes, waits with a question, takes results in, and goes on."""
    from agent.cli.campaign import carry_campaign as work

    run_command(
        lambda: work(name, folder, list(words or ()), most, as_json, {"home": home}), debug=debug, as_json=as_json
    )


@campaigns.command("status")
def campaign_status(
    name: Annotated[str | None, typer.Argument(help="The campaign; all of them without one.")] = None,
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Say where a campaign stands and what to do now."""
    from agent.cli.campaign import show_status as work

    run_command(lambda: work(name, folder, as_json), debug=debug, as_json=as_json)


@campaigns.command("report")
def campaign_report(
    name: CampaignName,
    save: Save = None,
    folder: Campaigns = CAMPAIGNS,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell a campaign's story in Markdown."""
    from agent.cli.campaign import write_report as work

    run_command(lambda: work(name, folder, save, as_json), debug=debug, as_json=as_json)


@campaigns.command("simulate")
def simulate_campaign(
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
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a whole campaign unattended on a simulated laboratory."""
    from agent.cli.campaign import simulate_campaign as work

    laboratory = {"noise": noise, "failures": failures, "delay": delay, "seed": seed or 0}
    changed = {"batch": batch, "seed": seed, "margin": margin}
    run_command(
        lambda: work(name, folder, space, table, laboratory, most, as_json, changed, {"home": home}),
        debug=debug,
        as_json=as_json,
    )
