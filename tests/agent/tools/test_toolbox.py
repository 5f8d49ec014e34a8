"""The toolbox: every failure is an envelope, and a call's identity is all that its result depends on."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import pytest

import agent.tools
from agent.execution.cache import ResultCache
from agent.execution.jobs import Job
from agent.records import Result
from agent.tools import Catalogue, FilePath, Injected, catalogue, ok
from agent.tools._declare import Tool
from agent.tools.invoke import run_tool
from agent.tools.toolbox import Toolbox, call_fingerprint, room_of


def read(path: FilePath, times: int = 1, store: Annotated[dict[str, Any], Injected("store")] | None = None) -> Result:
    """Read a file.

    Args:
        path: Which file.
        times: How often.
    """
    return ok("read", data={"text": Path(path).read_text() * times, "store": store})


def phone() -> Result:
    """Phone home."""
    return ok("phoned")


def need_a_package() -> Result:
    """Import what is not there."""
    import package_that_does_not_exist  # type: ignore[import-not-found]

    return ok(str(package_that_does_not_exist))


TOOLS = {
    function.__name__: Tool(function.__name__, "data", function, network=function is phone)
    for function in (read, phone, need_a_package)
}


class Inline:
    """Runs jobs in this process."""

    def __init__(self) -> None:
        self.ran = 0

    async def run(self, job: Job, on_progress: Any = None) -> dict[str, Any]:
        self.ran += 1
        words = job.arguments
        return run_tool(TOOLS[words["tool"]], words["arguments"], words["supplied"]).plain()

    async def close(self) -> None:
        return None


@pytest.fixture
def toolbox(tmp_path: Path) -> Toolbox:
    supplies = {"store": lambda: {"path": "p", "generation": 3}}
    return Toolbox(Catalogue(TOOLS), Inline(), cache=ResultCache(tmp_path / "cache"), supplies=supplies)


async def test_a_call_is_remembered_until_its_file_changes(toolbox: Toolbox, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one ")
    assert (await toolbox.call("read", {"path": str(file)})).cached is False
    assert (await toolbox.call("read", {"path": str(file), "times": 1})).cached is True
    file.write_text("two ")
    outcome = await toolbox.call("read", {"path": str(file)})
    assert (outcome.cached, outcome.result.data["text"]) == (False, "two ")
    assert outcome.result.data["store"] == {"path": "p", "generation": 3}
    assert (await toolbox.without_cache().call("read", {"path": str(file)})).cached is False


def test_the_same_file_in_another_folder_is_the_same_call_and_another_content_is_not(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "data.txt" for folder in ("a", "b", "c")]
    for path, text in zip(paths, ("same", "same", "other"), strict=True):
        path.parent.mkdir()
        path.write_text(text)
    one, two, other = (call_fingerprint(TOOLS["read"], {"path": str(path), "times": 1}) for path in paths)
    assert one == two != other
    assert one != call_fingerprint(TOOLS["read"], {"path": str(paths[0]), "times": 2})


def test_files_named_in_lists_count_by_content_too(tmp_path: Path) -> None:
    (tmp_path / "a.cif").write_text("one")
    arguments = {"structures": [str(tmp_path / "a.cif"), "not a path", "x" * 3000]}
    before = call_fingerprint(TOOLS["phone"], arguments)
    (tmp_path / "a.cif").write_text("two")
    assert call_fingerprint(TOOLS["phone"], arguments) != before


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "words"),
    [
        ("phone", {}, "OfflineRefusal", "uses the network, and this session is offline"),
        ("fone", {}, "InputError", "There is no tool 'fone'. Did you mean phone?"),
        ("read", {"path": "nowhere.txt"}, "RepairableToolError", "the file 'nowhere.txt' cannot be read"),
        ("read", {}, "RepairableToolError", "path: field required"),
        ("read", {"path": "x", "times": "often"}, "RepairableToolError", "times: input should be a valid integer"),
        ("need_a_package", {}, "EngineMissing", "package_that_does_not_exist"),
    ],
)
async def test_every_failure_is_an_envelope(
    toolbox: Toolbox, name: str, arguments: dict[str, Any], kind: str, words: str
) -> None:
    result = (await toolbox.call(name, arguments)).result
    assert result.status == "error"
    assert result.error is not None
    assert result.error.kind == kind
    assert words in f"{result.error.message} {result.error.remedy}"


async def test_what_the_session_cannot_supply_is_an_error(tmp_path: Path) -> None:
    bare = Toolbox(Catalogue(TOOLS), Inline())
    (tmp_path / "a").write_text("")
    result = (await bare.call("read", {"path": str(tmp_path / "a")})).result
    assert result.summary == "This session has no store."


async def test_a_tool_taken_away_is_not_found(toolbox: Toolbox) -> None:
    assert "phone" in toolbox.catalogue
    assert "phone" not in toolbox.catalogue.without("phone")


def test_a_sequence_longer_than_a_file_name_is_no_path() -> None:
    """Between the longest file name (255) and the longest path, the system refuses to look the text up."""
    from agent.tools import catalogue
    from agent.tools.toolbox import call_fingerprint

    translate = catalogue().get("translate_dna")
    prints = {call_fingerprint(translate, {"sequence": base * 300}) for base in "ACGT"}
    assert len(prints) == 4
    assert call_fingerprint(translate, {"sequence": "~nobody-has-this-name/ACGT"})


def test_a_room_is_the_whole_room_and_a_module_without_a_package_stands_alone(tmp_path: Path, monkeypatch) -> None:
    tools = Path(agent.tools.__file__).parent
    rooms = {room_of(tool).relative_to(tools).parts for tool in catalogue()}
    assert ("molecules",) in rooms
    assert all(len(parts) == 1 for parts in rooms)
    (tmp_path / "lonely.py").write_text("def look():\n    return None\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert room_of(Tool("look", "data", importlib.import_module("lonely").look)) == tmp_path / "lonely.py"
