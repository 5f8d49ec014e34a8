"""The RO-Crate: the requirements of the 1.1 specification, and what another implementation reads from it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from support.sample_run import make_run

from agent.memory.bundle import write_bundle

SCHEMA_TYPES = {"CreativeWork", "Dataset", "File", "SoftwareApplication", "CreateAction"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sample = make_run(tmp_path_factory.mktemp("run"))
    write_bundle(*sample)
    return sample[0]


@pytest.fixture
def graph(folder: Path) -> dict[str, dict[str, Any]]:
    document = json.loads((folder / "ro-crate-metadata.json").read_text())
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = document["@graph"]
    assert len({entity["@id"] for entity in entities}) == len(entities), "every @id occurs once in a flattened document"
    return {entity["@id"]: entity for entity in entities}


def references(entity: dict[str, Any]) -> list[str]:
    values = [value for name, value in entity.items() if not name.startswith("@")]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one["@id"] for one in flat if isinstance(one, dict)]


def test_the_descriptor_points_to_the_root(graph: dict[str, dict[str, Any]]) -> None:
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}


def test_the_root_has_what_it_must_have(graph: dict[str, dict[str, Any]]) -> None:
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert root["name"] and root["description"]
    assert datetime.fromisoformat(root["datePublished"]).year == 2026
    licence = graph[root["license"]["@id"]]
    assert licence["name"] and licence["description"]


def test_data_entities_are_linked_from_the_root_and_exist(folder: Path, graph: dict[str, dict[str, Any]]) -> None:
    files = {identity for identity, entity in graph.items() if entity["@type"] == "File"}
    assert files == {part["@id"] for part in graph["./"]["hasPart"]}
    for identity in files:
        assert " " not in identity, "an @id is a valid URI reference"
        assert (folder / unquote(identity)).is_file()
        assert graph[identity]["name"] and "/" in graph[identity]["encodingFormat"]
    on_disk = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {unquote(identity) for identity in files} == on_disk - {"ro-crate-metadata.json"}


def test_every_reference_resolves_and_every_type_is_known(graph: dict[str, dict[str, Any]]) -> None:
    for entity in graph.values():
        assert entity["@type"] in SCHEMA_TYPES
        for target in references(entity):
            assert target in graph or target.startswith(("https://w3id.org/ro/crate/", "http://schema.org/"))


def test_each_step_is_an_action_of_its_tool(graph: dict[str, dict[str, Any]]) -> None:
    action = graph["#e2"]
    assert action["@type"] == "CreateAction"
    assert graph[action["instrument"]["@id"]]["name"] == "design_analogues"
    assert action["object"] == [{"@id": next(iter(graph["#e1"]["result"]))["@id"]}]
    assert len(action["result"]) == 14
    assert graph["#e5"]["actionStatus"] == {"@id": "http://schema.org/FailedActionStatus"}
    assert graph["#e5"]["error"] == "The model is not installed."
    assert graph["#run"]["instrument"] == {"@id": "#gedanken"}
    assert {"@id": "report.html"} in graph["#run"]["result"]


def test_files_that_are_not_there_are_not_described(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    lost = next(path for path in (folder / "artifacts").iterdir() if path.suffix == ".svg")
    lost.unlink()
    write_bundle(folder, info, history)
    described = (folder / "ro-crate-metadata.json").read_text()
    assert quote(lost.name) not in described and "artifacts/" in described


def test_another_implementation_reads_it(folder: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate", reason="the reference implementation is not installed")
    crate = rocrate.ROCrate(folder)
    assert crate.name == "Research run 20260102-030405-678-sample"
    assert crate.get("candidates.csv").properties()["encodingFormat"] == "text/csv"
    assert crate.get("#e2").get("instrument").get("name") == "design_analogues"
