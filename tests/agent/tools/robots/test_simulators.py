import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.protocols import compiled, plain

from agent.errors import EngineMissing
from agent.tools.robots import Protocol, simulate_protocol
from agent.tools.robots.opentrons_run import simulate as simulate_opentrons
from agent.tools.robots.opentrons_script import write_script
from agent.tools.robots.pylabrobot_run import simulate, version

ROOT = Path(__file__).resolve().parents[4]


# --- PyLabRobot -------------------------------------------------------------------------------------------------------


def test_pylabrobot_runs_a_sound_protocol_without_complaint():
    result = simulate_protocol(plain(), ["pylabrobot"])
    assert result.data["check"] == f"simulated with PyLabRobot {version()}: 24 transfers, no complaints"
    assert result.data["robots"]["pylabrobot"]["status"] == "simulated" and result.warnings == ()


def test_its_own_tracking_finds_an_overdrawn_well_and_the_line_names_step_and_well():
    data = plain(stock=30)
    out = compiled(data, "pylabrobot")
    said = simulate(Protocol.model_validate(data), out)  # our own checks are passed over on purpose
    assert said == "step 19: PyLabRobot: stocks:A01 is overdrawn: 5 µL are taken and 0 µL are there"


def test_its_own_tracking_finds_an_overfilled_well():
    data = plain(1)
    data["steps"].append({"kind": "transfer", "source": "buffer:A1", "target": "assay:A1", "volume_ul": 280})
    said = simulate(Protocol.model_validate(data), compiled(data, "pylabrobot"))
    assert said.startswith("step 3: PyLabRobot: assay:A01 overflows: 280 µL are added")


def test_its_own_tracking_finds_that_tips_run_out():
    racks = [{"id": "small", "kind": "tips-20", "slot": 9}, {"id": "large", "kind": "tips-300", "slot": 10}]
    data = plain(96, labware=[*plain()["labware"], *racks])
    data["steps"].append({"kind": "transfer", "source": "stocks:A1", "target": "assay:A1", "volume_ul": 5})
    said = simulate(Protocol.model_validate(data), compiled(data, "pylabrobot"))
    assert said == "step 193: PyLabRobot: no tip is left"


def test_a_refused_protocol_is_told_by_every_robot():
    result = simulate_protocol(plain(stock=10), ["pylabrobot", "flex"])
    assert {one["status"] for one in result.data["robots"].values()} == {"refused"}
    assert "step 13: stocks:A1 is overdrawn" in result.data["check"] and len(result.warnings) == 2


# --- Opentrons, in an environment of its own --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def opentrons() -> str:
    """The vendor's environment: the one that `make opentrons` made, else made here, beside it."""
    home = ROOT / ".opentrons"
    if (home / "bin" / "opentrons_simulate").is_file():
        return str(home)
    uv = shutil.which("uv")
    package = "opentrons==8.8.2"
    commands = (
        [[uv, "venv", "--quiet", "--python", sys.executable, str(home)],
         [uv, "pip", "install", "--quiet", "--python", str(home), package]]
        if uv
        else [[sys.executable, "-m", "venv", str(home)],
              [str(home / "bin/python"), "-m", "pip", "install", "--quiet", package]]
    )  # fmt: skip
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode:
            shutil.rmtree(home, ignore_errors=True)
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            pytest.skip(f"THE OPENTRONS SIMULATOR WAS NOT TESTED: its environment cannot be made here ({said})")
    return str(home)


@pytest.mark.slow
@pytest.mark.xdist_group("opentrons")
def test_the_vendor_simulates_both_robots(opentrons):
    result = simulate_protocol(plain(4), ["ot2", "flex"], opentrons=opentrons)
    assert result.data["check"] == (
        "simulated with Opentrons 8.8.2 for the OT-2: 8 transfers, no complaints; "
        "simulated with Opentrons 8.8.2 for the Flex: 8 transfers, no complaints"
    )


@pytest.mark.slow
@pytest.mark.xdist_group("opentrons")
def test_the_vendors_complaints_are_one_line_that_names_the_step(opentrons):
    racks = [{"id": "small", "kind": "tips-20", "slot": 9}, {"id": "large", "kind": "tips-300", "slot": 10}]
    data = plain(96, labware=[*plain()["labware"], *racks])
    data["steps"].append({"kind": "transfer", "source": "stocks:A1", "target": "assay:A1", "volume_ul": 5})
    lacking = write_script(Protocol.model_validate(data), compiled(data))
    sound = write_script(Protocol.model_validate(plain(2)), compiled(plain(2)))
    found = simulate_opentrons(
        {
            "lacking": lacking,
            "unknown": sound.replace("corning_96_wellplate_360ul_flat", "corning_97"),
            "crowded": sound.replace("'nest_12_reservoir_15ml', '5'", "'nest_12_reservoir_15ml', '1'"),
        },
        opentrons,
    )
    assert found["lacking"].complaint == "step 193: Opentrons: no tip is left"
    assert found["unknown"].complaint.startswith("Opentrons: unknown labware (")
    assert "corning_97" in found["unknown"].complaint
    assert found["crowded"].complaint.startswith("Opentrons: two things in one slot (")


def test_an_environment_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EngineMissing, match=r"not installed in .*was not simulated"):
        simulate_opentrons({"ot2": ""}, str(tmp_path))
