"""Campaigns in the terminal: listed with their progress, proposed, told, reported."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.faces import WIDE, Lab, type_line, until, words
from textual.widgets import Input, Static

from agent.campaign.folder import CampaignFolder
from agent.campaign.laboratory import reaction_space
from agent.campaign.records import Campaign, Proposal, Told
from tui.app import GedankenApp
from tui.dialogs.results_form import ResultsForm

POINT = {"temperature": 80.0, "time": 60.0, "loading": 1.0, "ligand": "PCy3"}


@pytest.fixture
def campaign(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of five experiments, three of them measured."""
    monkeypatch.chdir(lab.folder)
    folder = CampaignFolder.create(lab.folder / "campaigns", Campaign(name="suzuki", space=reaction_space()))
    proposals = [Proposal(experiment=n, round=1 + n // 4, point=POINT, reason="spread") for n in range(1, 6)]
    told = [Told(experiment=n, point=POINT, outcomes={"yield": 20.0 * n}) for n in (1, 2)]
    told.append(Told(experiment=3, point=POINT, failed=True, note="leak"))
    folder.append_proposals(proposals)
    folder.append_told(told)
    return folder.path


async def test_a_campaign_shows_its_progress_and_what_is_open(lab: Lab, campaign: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        opened: list[Path] = []
        app.open_path = opened.append  # type: ignore[method-assign]  (no desktop program in a test)
        await app.ready.wait()
        await type_line(pilot, "/campaign")
        await until(pilot, lambda: app.query("#campaigns") and app.query_one("#campaigns").current == "suzuki")  # type: ignore[attr-defined]
        detail = app.query_one("#campaigns .detail Static", Static)
        await until(pilot, lambda: "Progress" in str(detail.content))
        told = str(detail.content)
        assert "yield 40%" in told and "To measure (2)" in told and "●" in told and "failed" in told
        await pilot.press("n")
        await until(pilot, lambda: "Proposed in round 2: 1" in words(app))
        await pilot.press("o")
        await until(pilot, lambda: opened == [campaign / "report.md"])
    call = lab.calls[0]
    assert call[:3] == ["campaign", "next", "suzuki"] and call[call.index("--folder") + 1] == str(campaign.parent)


async def test_results_of_a_campaign_are_typed(lab: Lab, campaign: Path) -> None:
    async with lab.app().run_test(size=(100, 30)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/campaign tell suzuki")
        await until(pilot, lambda: isinstance(app.screen, ResultsForm) and app.screen.focused)
        await pilot.press(*"81.5 clear", "enter")
        await pilot.pause()
        app.screen.query_one(Input).value = "failed"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Results kept: 1" in words(app))
    call = lab.calls[0]
    assert call[:3] == ["campaign", "tell", "suzuki"]
    rows = list(csv.DictReader(Path(call[3]).read_text().splitlines()))
    assert rows == [
        {"experiment": "4", "yield": "81.5", "failed": "", "note": "clear"},
        {"experiment": "5", "yield": "", "failed": "yes", "note": ""},
    ]


async def test_words_behind_campaign_are_passed_on_or_explained(lab: Lab, campaign: Path) -> None:
    async with lab.app().run_test(size=(100, 30)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/campaign new other @space.toml")
        await until(pilot, lambda: "The campaign 'other' is in" in words(app))
        await type_line(pilot, "/campaign next")
        await until(pilot, lambda: "needs more behind it" in words(app))
        await type_line(pilot, "/campaign nosuch")
        await until(pilot, lambda: "There is no campaign 'nosuch'" in words(app))
    assert lab.calls[0][:5] == ["campaign", "new", "other", "--space", "space.toml"]


async def test_a_damaged_campaign_is_listed_with_its_trouble(lab: Lab, campaign: Path) -> None:
    (campaign / "campaign.json").write_text("{")
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await pilot.press("f9")
        await until(pilot, lambda: "damaged" in str(app.query_one("#campaigns .detail Static", Static).content))
        await pilot.press("t", "n")
        await pilot.pause()
        assert app.is_running
