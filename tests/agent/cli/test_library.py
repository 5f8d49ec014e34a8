"""``gedanken ingest`` and ``gedanken store``: references, refusals, bundles."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "knowledge" / "connectors"))
from replay import replaying

from agent.cli.command import Given
from agent.cli.work.documents import Wanted, ingest_sources
from agent.cli.work.stores import export_bundle, take_bundle, tell_about
from agent.errors import InputError, OfflineRefusal


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.md").write_text("# Zeolites\n\nZeolites adsorb water.\n")
    return tmp_path


def at(home: Path) -> Given:
    return Given({"home": home}, as_json=True)


def run(work: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = asyncio.run(work)
    return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_files_and_a_public_record_in_one_command(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with replaying() as server:
        (lab / "gedanken.toml").write_text(f'[connector_urls]\ncrossref = "{server.address}"\n')
        wanted = Wanted(("papers", "crossref:10.5555/cr.1", "crossref:10.5555/none"), online=True)
        code, told = run(ingest_sources(wanted, at(lab / "home")), capsys)
    assert code == 1  # one record is not there; the rest came in
    assert (told["added"], told["failed"]) == (2, 1)
    outcomes = {file["path"].rpartition("/")[2]: file["outcome"] for file in told["files"]}
    assert outcomes == {"a.md": "added", "cr.1": "added", "none": "failed"}
    assert "no such record" in told["files"][-1]["reason"]


def test_offline_a_reference_is_refused_in_one_line(lab: Path) -> None:
    with pytest.raises(OfflineRefusal) as caught:
        asyncio.run(ingest_sources(Wanted(("papers", 'openalex:"x"')), at(lab / "home")))
    assert str(caught.value) == (
        "'openalex:\"x\"' needs the network, and this is offline mode."
        " Allow it for this command with --online, or set offline = false."
    )
    assert not (lab / "home").exists()


def test_wrong_words_are_refused(lab: Path) -> None:
    for sources, watch, told in (
        (("nowhere",), False, "does not exist"),
        (("pdb:4HHB",), True, "--watch is for files"),
    ):
        with pytest.raises(InputError, match=told):
            asyncio.run(ingest_sources(Wanted(sources, watch=watch, online=True), at(lab / "home")))


def test_a_store_is_carried_to_another_lab(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = at(lab / "home"), at(lab / "there")
    with pytest.raises(InputError, match="no knowledge store"):
        asyncio.run(export_bundle(lab / "lab.gkb", here))
    assert run(ingest_sources(Wanted(("papers",)), here), capsys)[1]["added"] == 1
    assert run(export_bundle(lab / "lab.gkb", here), capsys)[1]["passages"] == 1
    assert run(tell_about(lab / "lab.gkb", there), capsys)[1]["documents"] == 1
    assert run(take_bundle(lab / "lab.gkb", there), capsys)[1]["added"] == 1
    assert run(take_bundle(lab / "lab.gkb", there), capsys)[1]["unchanged"] == 1
    assert run(tell_about(None, there), capsys)[1]["documents"] == 1
    (lab / "cut.gkb").write_bytes((lab / "lab.gkb").read_bytes()[:3000])
    with pytest.raises(InputError, match="truncated"):
        asyncio.run(take_bundle(lab / "cut.gkb", at(lab / "third")))
    assert not (lab / "third").exists()
