"""Tools that write protocols for robots and simulate them before they are handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ValidationError

from agent.errors import EngineMissing, RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import Injected, complaints, tool
from agent.tools._results import ok
from agent.tools.robots import opentrons_run, pylabrobot_run
from agent.tools.robots.compiling import Compiled, compile_protocol
from agent.tools.robots.labware import LABWARE, ROBOTS, RobotName
from agent.tools.robots.opentrons_script import write_script
from agent.tools.robots.records import Protocol


@tool("experiments", engines=("pylabrobot",))
def write_protocol(
    protocol: dict[str, Any] | str, robot: Literal["neutral", "ot2", "flex"] = "neutral", name: str = "protocol"
) -> Result:
    """Check a liquid-handling protocol and write it as neutral JSON or as an Opentrons script.

    Volumes, dead volumes, capacities, wells, deck slots and tips are checked; a protocol with a complaint is refused,
    and the message names the step.

    Args:
        protocol: The neutral protocol, as an object or the path of its JSON file.
        robot: neutral for JSON, ot2 or flex for a Python script of the vendor's API.
        name: Stem of the file that is written.

    Returns:
        data {transfers, tips: {rack: count}, refills, deck: {slot: labware}}, and the file.

    Source:
        Steps in the manner of Autoprotocol; scripts for the Opentrons Python Protocol API 2.20.
    """
    read = read_protocol(protocol)
    compiled = _compiled(read, "ot2" if robot == "neutral" else robot)
    if robot == "neutral":
        text = json.dumps(read.plain(), ensure_ascii=False, indent=1) + "\n"
        content = ArtifactContent(
            name=f"{name}.json", media_type="application/json", content=text, title=f"Protocol: {read.title}"
        )
    else:
        source = write_script(read, compiled, "Volumes, wells, slots and tips were checked.")
        content = ArtifactContent(
            name=f"{name}-{robot}.py", media_type="text/x-python", content=source,
            title=f"{ROBOTS[robot].title} script: {read.title}",
        )  # fmt: skip
    return ok(
        f"{read.transfers} transfers on {len(compiled.deck)} deck slots, {_tips(compiled)}: no complaints.",
        values=[Value(name="transfers", value=read.transfers), Value(name="tips", value=sum(compiled.tips.values()))],
        data=_described(read, compiled),
        artifacts=[content],
    )


@tool("experiments", engines=("pylabrobot",), seconds=300.0)
def simulate_protocol(
    protocol: dict[str, Any] | str,
    robots: list[RobotName] | None = None,
    opentrons: Annotated[str, Injected("opentrons")] = "",
) -> Result:
    """Run a protocol in simulators before anybody pipettes: PyLabRobot, and Opentrons' own.

    PyLabRobot runs with volume and tip tracking on. The Opentrons simulator lives in an environment of its own; where
    that is missing, the result says "not simulated".

    Args:
        protocol: The neutral protocol, as an object or the path of its JSON file.
        robots: Which of pylabrobot, ot2 and flex; all of them if none is named.
        opentrons: Folder of the environment of the vendor's software.

    Returns:
        data {robots: {name: {status: simulated, refused or not simulated, by, complaint}}, check: one sentence}.

    Source:
        R. P. Wierenga et al., Device 1 (2023) 100111 (PyLabRobot); the simulator of the package opentrons.
    """
    read = read_protocol(protocol)
    wanted: list[RobotName] = list(dict.fromkeys(robots or ("pylabrobot", "ot2", "flex")))
    found: dict[str, dict[str, str]] = {}
    scripts: dict[str, str] = {}
    for robot in wanted:
        compiled = compile_protocol(read, ROBOTS[robot])
        if compiled.complaints:
            found[robot] = _outcome("refused", "our own checks", compiled.complaints[0])
        elif robot == "pylabrobot":
            found[robot] = _pylabrobot(read, compiled)
        else:
            scripts[robot] = write_script(read, compiled)
    found |= _opentrons(scripts, opentrons)
    refused = {robot: one["complaint"] for robot, one in found.items() if one["status"] == "refused"}
    check = _sentence(read, {robot: found[robot] for robot in wanted})
    return ok(
        check,
        values=[Value(name="transfers", value=read.transfers), Value(name="complaints", value=len(refused))],
        data={"robots": {robot: found[robot] for robot in wanted}, "check": check},
        warnings=[f"{ROBOTS[robot].title}: {said}" for robot, said in refused.items()],  # type: ignore[index]
    )


def read_protocol(protocol: dict[str, Any] | str) -> Protocol:
    """The protocol from plain data, or from its JSON file or text.

    Raises:
        RepairableToolError: It cannot be read; the message names the field.
    """
    if isinstance(protocol, str):
        try:
            text = protocol if protocol.lstrip().startswith("{") else Path(protocol).expanduser().read_text("utf-8")
            protocol = json.loads(text)
        except (OSError, ValueError) as error:
            raise RepairableToolError(
                f"protocol: it cannot be read ({error})", remedy="Give the path of a protocol's JSON file."
            ) from error
    try:
        return Protocol.model_validate(protocol)
    except ValidationError as error:
        raise RepairableToolError(f"protocol: {complaints(error)}", remedy="docs/protocols.md describes it.") from error


def _compiled(protocol: Protocol, robot: RobotName) -> Compiled:
    compiled = compile_protocol(protocol, ROBOTS[robot])
    if compiled.complaints:
        raise RepairableToolError(
            f"protocol: {'; '.join(compiled.complaints)}", remedy="Change the named steps, or the labware."
        )
    return compiled


def _described(protocol: Protocol, compiled: Compiled) -> dict[str, Any]:
    return {
        "transfers": protocol.transfers,
        "tips": compiled.tips,
        "refills": compiled.refills,
        "deck": {
            compiled.robot.slot(slot): {"id": one.id, "title": LABWARE[one.kind].title, "label": one.label}
            for slot, one in sorted(compiled.deck.items())
        },
    }


def _tips(compiled: Compiled) -> str:
    parts = [f"{count} of the {LABWARE[kind].title}" for kind, count in compiled.tips.items()]
    return " and ".join(parts) or "no tips"


def _pylabrobot(protocol: Protocol, compiled: Compiled) -> dict[str, str]:
    try:
        by = f"PyLabRobot {pylabrobot_run.version()}"
    except EngineMissing as error:
        return _outcome("not simulated", "PyLabRobot", str(error))
    complaint = pylabrobot_run.simulate(protocol, compiled)
    return _outcome("refused" if complaint else "simulated", by, complaint)


def _opentrons(scripts: dict[str, str], environment: str) -> dict[str, dict[str, str]]:
    if not scripts:
        return {}
    try:
        simulated = opentrons_run.simulate(scripts, environment)
    except EngineMissing as error:
        return {robot: _outcome("not simulated", "Opentrons", str(error)) for robot in scripts}
    return {
        robot: _outcome("refused" if one.complaint else "simulated", f"Opentrons {one.version}", one.complaint)
        for robot, one in simulated.items()
    }


def _outcome(status: str, by: str, complaint: str) -> dict[str, str]:
    return {"status": status, "by": by, "complaint": complaint}


def _sentence(protocol: Protocol, found: dict[RobotName, dict[str, str]]) -> str:
    """One sentence on all of them: ``simulated with PyLabRobot 0.2.2: 48 transfers, no complaints; ...``."""
    parts = []
    for robot, one in found.items():
        title = ROBOTS[robot].title
        if one["status"] == "simulated":
            named = one["by"] if robot == "pylabrobot" else f"{one['by']} for the {title.removeprefix('Opentrons ')}"
            parts.append(f"simulated with {named}: {protocol.transfers} transfers, no complaints")
        elif one["status"] == "refused":
            parts.append(f"{title}: refused: {one['complaint']}")
        else:
            parts.append(f"{title}: not simulated")
    return "; ".join(parts)
