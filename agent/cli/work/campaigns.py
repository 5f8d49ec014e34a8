"""``gedanken campaign new|next|tell|status|report|simulate``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.campaign.agent import carry_on, tell_answer
from agent.campaign.explaining import relevance_words, settings_words, why
from agent.campaign.folder import CampaignFolder
from agent.campaign.records import Campaign, State, Told
from agent.campaign.report import report, write_report_to
from agent.campaign.rounds import propose
from agent.campaign.sheets import template
from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.errors import InputError
from agent.memory.files.disk import write_text
from agent.records import Result
from agent.session import Session
from agent.units import counted, print_value


async def new_campaign(
    name: str,
    space: Path | None,
    run: str | None,
    folder: Path,
    changed: Mapping[str, Any],
    given: Given,
) -> int:
    """``gedanken campaign new NAME --space FILE | --from-run RUN``."""
    from agent.campaign.fromrun import campaign_from_run
    from agent.campaign.spacefile import read_campaign
    from agent.memory.runs import find_run

    if (space is None) == (run is None):
        raise InputError(
            "A campaign begins from a space file or from a run.", remedy="Give one of --space FILE and --from-run RUN."
        )
    for earlier in changed.get("learn_from") or ():
        CampaignFolder.find(folder, earlier)
    if space is not None:
        campaign = _named(lambda: read_campaign(name, space, **changed), name)
    else:
        bundle = find_run(given.settings.out, str(run))
        campaign = _named(lambda: campaign_from_run(name, bundle, **changed), name)
    made = CampaignFolder.create(folder, campaign)
    given.say(
        {
            "campaign": name,
            "folder": str(made.path),
            "factors": list(campaign.space.factors),
            "objectives": [one.name for one in campaign.space.objectives],
        },
        f"The campaign '{name}' is in {made.path}: it varies {', '.join(campaign.space.factors)} for"
        f" {', '.join(one.name for one in campaign.space.objectives)}.",
    )
    return 0


async def next_experiments(name: str, folder: Path, batch: int | None, sheet: Path | None, given: Given) -> int:
    """``gedanken campaign next NAME``."""
    found = CampaignFolder.find(folder, name)
    async with Session(given.settings) as session:
        made = await propose(found, _caller(session), batch)
    state = found.read()
    path = sheet or found.path / f"round-{state.round}.csv"
    if made:
        write_text(path, template(state.campaign.space, made, state.campaign.replicates))
    chance = made[0].chance if made else None
    if given.as_json:
        print_json(
            {
                "campaign": state.campaign.name,
                "round": state.round,
                "experiments": [one.plain() for one in made],
                "chance": chance,
                "sheet": str(path) if made else None,
                "advice": state.advice if made else "Stop: every point of the space was tested or is open.",
            }
        )
        return 0
    if not made:
        print("Every point of the space was tested or is open: there is nothing to propose.")
        return 0
    for one in made:
        print(f"{one.experiment:>4}  {settings_words(state.campaign.space, one.point)}")
        print(f"      {why(state.campaign.space, one)}")
    if made[0].relevance:
        print(f"\n{relevance_words(made[0])}")
    print(f"\nFill in {path}, then: gedanken campaign tell {name} {path}")
    if chance is not None:
        print(f"The chance that an untested point is better by more than the margin is {chance:.0%}.")
    return 0


async def tell_results(name: str, folder: Path, words: list[str], given: Given) -> int:
    """``gedanken campaign tell NAME results.csv | key=value...``."""
    found = CampaignFolder.find(folder, name)
    outcome = tell_answer(found, words)
    state = found.read()
    plain = {
        "campaign": state.campaign.name,
        "kept": [one.experiment for one in outcome.kept],
        "known": list(outcome.known),
        "blank": list(outcome.blank),
        "advice": state.advice,
    }
    said = [f"Results kept: {len(outcome.kept)}."]
    if outcome.known:
        said.append(f"Known before: {len(outcome.known)}.")
    if outcome.blank:
        said.append(f"Still empty: {', '.join(map(str, outcome.blank))}.")
    given.say(plain, " ".join([*said, state.advice]))
    return 0


async def carry_campaign(name: str, folder: Path, words: list[str], most: int, given: Given) -> int:
    """``gedanken campaign run NAME [SHEET|key=value...]``."""
    found = CampaignFolder.find(folder, name)
    async with Session(given.settings) as session:
        outcome = await carry_on(session, found, _caller(session), answer=words or None, most=most)
    state, question = found.read(), outcome["question"]
    plain = {**_status(state), "question": question.text if question else None, "ended": outcome["ended"]}
    given.say(plain, question.text if question else f"{outcome['ended']} {_line(state)}")
    return 3 if question else 0


async def show_status(name: str | None, folder: Path, given: Given) -> int:
    """``gedanken campaign status [NAME]``."""
    if name is None:
        states = [CampaignFolder(path.parent).read() for path in sorted(folder.glob("*/campaign.json"))]
        if given.as_json:
            print_json({"campaigns": [_status(state) for state in states]})
        else:
            for state in states:
                print(f"  {state.campaign.name:<24} {_line(state)}")
            if not states:
                print(f"There is no campaign in {folder}.")
        return 0
    state = CampaignFolder.find(folder, name).read()
    given.say(_status(state), f"{state.campaign.name}: {_line(state)} {state.advice}")
    return 0


async def write_report(name: str, folder: Path, save: Path | None, given: Given) -> int:
    """``gedanken campaign report NAME``."""
    found = CampaignFolder.find(folder, name)
    state = found.read()
    if given.as_json:
        path = save or found.path / "report.md"
        write_report_to(path, state)
        print_json({**_status(state), "report": str(path)})
    elif save is not None:
        write_report_to(save, state)
        print(f"wrote {save}")
    else:
        print(report(state), end="")
    return 0


async def simulate_campaign(
    name: str,
    folder: Path,
    space: Path | None,
    table: Path | None,
    laboratory: Mapping[str, Any],
    most: int,
    changed: Mapping[str, Any],
    given: Given,
) -> int:
    """``gedanken campaign simulate NAME``."""
    from agent.campaign.laboratory import Laboratory, reaction, reaction_space, table_response
    from agent.campaign.simulation import simulate
    from agent.campaign.spacefile import read_campaign

    if (space is None) != (table is None):
        raise InputError(
            "A space file and a response table belong together.",
            remedy="Give both --space and --table, or neither for the built-in reaction.",
        )
    if space is None or table is None:
        named = {"batch": 4, "margin": 1.0} | {key: value for key, value in changed.items() if value is not None}
        campaign = _named(lambda: Campaign(name=name, space=reaction_space(), **named), name)
        response = reaction
    else:
        campaign = _named(lambda: read_campaign(name, space, **changed), name)
        response = table_response(table, campaign.space)
    simulated = Laboratory(response, **laboratory)
    found = CampaignFolder.create(folder, campaign)

    def watch(state: State, results: list[Told]) -> None:
        print(f"round {state.round}: {counted(len(results), 'result')} in; {_line(state)}", file=sys.stderr, flush=True)

    async with Session(given.settings) as session:
        state = await simulate(found, simulated, _caller(session), most=most, watch=watch)
    write_report_to(found.path / "report.md", state)
    plain = {**_status(state), "folder": str(found.path), "report": str(found.path / "report.md")}
    given.say(plain, f"{_line(state)} {state.advice}\nThe story is in {found.path / 'report.md'}.")
    return 0


def _caller(session: Session) -> Any:
    async def call(tool: str, arguments: Mapping[str, Any]) -> Result:
        return (await session.call(tool, dict(arguments))).result

    return call


def _named(make: Any, name: str) -> Campaign:
    from pydantic import ValidationError

    try:
        return make()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            f"The campaign '{name}' cannot be made: {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            remedy="Names are letters, digits, dots, dashes and underscores.",
        ) from error


def _status(state: State) -> dict[str, Any]:
    best = state.best
    return {
        "campaign": state.campaign.name,
        "rounds": state.round,
        "results": len(state.told),
        "failed": sum(one.failed for one in state.told),
        "open": [one.experiment for one in state.pending],
        "best": None
        if best is None
        else {"experiment": best.experiment, "point": best.point, "outcomes": best.outcomes},
        "front": [one.experiment for one in state.front] if len(state.campaign.space.objectives) > 1 else [],
        "reached": state.reached,
        "chance": state.chance,
        "advice": state.advice,
    }


def _line(state: State) -> str:
    objective = state.campaign.space.objectives[0]
    best = state.best
    shown = "none" if best is None else print_value(best.outcomes[objective.name], objective.unit)
    return f"{counted(len(state.told), 'result')}, {len(state.pending)} open, best {objective.name} {shown}."
