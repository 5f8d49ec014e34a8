"""Campaigns on disk: append-only, torn lines, kills, and two people telling at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.campaign.folder import OBSERVATIONS, PROPOSALS, CampaignFolder
from agent.campaign.records import Campaign, Proposal
from agent.campaign.rounds import tell
from agent.campaign.sheets import read_words
from agent.errors import ConflictError, InputError
from agent.tools.optimisation.space import Continuous, Space, Target

SPACE = Space(parameters=(Continuous(name="t", low=0, high=100),), objectives=(Target(name="y", reach=99),))

TELLER = """
import sys
from pathlib import Path
from agent.campaign.folder import CampaignFolder
from agent.campaign.rounds import tell
from agent.campaign.sheets import read_words
folder = CampaignFolder(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    tell(folder, lambda state: read_words([f"experiment={number}", f"y={number}"], state))
    print(number, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    made = CampaignFolder.create(tmp_path, Campaign(name="c", space=SPACE))
    made.append_proposals(
        [Proposal(experiment=i, round=1, point={"t": float(i)}, reason="spread") for i in range(1, 61)]
    )
    return made


def teller(folder: CampaignFolder, first: int, last: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TELLER, str(folder.path), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_people_telling_at_once_both_land(folder: CampaignFolder) -> None:
    both = [teller(folder, 1, 31), teller(folder, 31, 61)]
    for one in both:
        one.communicate(timeout=60)
        assert one.returncode == 0
    told = folder.read().told
    assert sorted(one.experiment for one in told) == list(range(1, 61))
    assert all(one.outcomes["y"] == one.experiment for one in told)


def test_what_was_told_survives_a_kill(folder: CampaignFolder) -> None:
    with teller(folder, 1, 61) as killed:
        assert killed.stdout is not None
        said = [int(killed.stdout.readline()) for _ in range(5)]
        killed.send_signal(signal.SIGKILL)
        said += [int(line) for line in killed.stdout.read().split()]
    known = {one.experiment for one in folder.read().told}
    assert set(said) <= known
    more = teller(folder, 1, 61)  # the same results again: those that are known change nothing
    more.communicate(timeout=60)
    assert [one.experiment for one in folder.read().told] == list(range(1, 61))


def test_a_torn_line_is_ignored_and_then_cut_off(folder: CampaignFolder) -> None:
    tell(folder, lambda state: read_words(["experiment=1", "y=5"], state))
    path = folder.path / OBSERVATIONS
    with path.open("ab") as file:
        file.write(b'{"experiment": 2, "point": {"t"')
    assert [one.experiment for one in folder.read().told] == [1]
    tell(folder, lambda state: read_words(["experiment=3", "y=6"], state))
    assert [one.experiment for one in folder.read().told] == [1, 3]
    assert [json.loads(line)["experiment"] for line in path.read_text().splitlines()] == [1, 3]


def test_telling_only_appends(folder: CampaignFolder) -> None:
    before = b""
    for number in range(1, 5):
        tell(folder, lambda state, number=number: read_words([f"experiment={number}", "y=1"], state))
        after = (folder.path / OBSERVATIONS).read_bytes()
        assert after.startswith(before) and len(after) > len(before)
        before = after


def test_a_result_is_never_changed(folder: CampaignFolder) -> None:
    tell(folder, lambda state: read_words(["experiment=1", "y=5"], state))
    again = tell(folder, lambda state: read_words(["experiment=1", "y=5"], state))
    assert (again.kept, again.known) == ((), (1,))
    with pytest.raises(ConflictError, match="told before with another result"):
        tell(folder, lambda state: read_words(["experiment=1", "y=6"], state))


def test_own_experiments_get_numbers_behind_the_proposed(folder: CampaignFolder) -> None:
    kept = tell(folder, lambda state: read_words(["t=12.5", "y=3"], state)).kept
    assert [one.experiment for one in kept] == [61]
    assert folder.read().proposals[-1].reason == "own"


def test_what_was_told_is_on_disk_when_tell_returns(folder: CampaignFolder) -> None:
    for number in range(1, 21):
        tell(folder, lambda state, number=number: read_words([f"experiment={number}", "y=1"], state))
        lines = (folder.path / OBSERVATIONS).read_bytes().splitlines(keepends=True)
        assert len(lines) == number
        assert lines[-1].endswith(b"\n")


def test_a_damaged_line_in_the_middle_is_an_error(folder: CampaignFolder) -> None:
    path = folder.path / PROPOSALS
    path.write_text("nonsense\n" + path.read_text())
    with pytest.raises(InputError, match=r"Line 1 of .*proposals\.jsonl"):
        folder.read()


def test_a_name_is_taken_once_and_missing_ones_are_said(folder: CampaignFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="already"):
        CampaignFolder.create(tmp_path, Campaign(name="c", space=SPACE))
    with pytest.raises(InputError, match="There are: c"):
        CampaignFolder.find(tmp_path, "d")
