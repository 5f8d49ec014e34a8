import asyncio
import csv
import json

import pytest
from support.runs import molecule_brief, molecules, view

from agent.graphs.equipping import NO_PROTOCOL, equip
from agent.memory import worksheet
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Experiment
from agent.tools import failed
from agent.tools.robots import Protocol, simulate_protocol, write_protocol

BRIEF = molecule_brief()
RUN = view(rank_candidates(BRIEF, molecules()), BRIEF, seed=5)
HYPOTHESES = infer_hypotheses(RUN)


async def call(name, arguments):
    tools = {"write_protocol": write_protocol, "simulate_protocol": simulate_protocol}
    return await asyncio.to_thread(tools[name], **arguments)


async def equipped(folder, quantity="Caco2", caller=call, said=None) -> Experiment:
    hypothesis = next(h for h in HYPOTHESES if h.prediction.quantity == quantity)
    (folder / "artifacts").mkdir(exist_ok=True)
    return await equip(
        await design_experiment(hypothesis, RUN), folder=folder, call=caller, candidates=RUN.candidates,
        hypotheses=HYPOTHESES, notice=(said if said is not None else []).append,
    )  # fmt: skip


async def test_an_experiment_leaves_everything_that_the_bench_needs(tmp_path):
    plan = await equipped(tmp_path)
    names = {one.name for one in plan.files}
    stem = plan.id
    assert names >= {
        f"{stem}-worksheet.html", f"{stem}-worksheet.pdf", f"{stem}-results.csv", f"{stem}-key.csv",
        f"{stem}-layout.csv", f"{stem}-protocol.json", f"{stem}-protocol-ot2.py", f"{stem}-protocol-flex.py",
    }  # fmt: skip
    assert all((tmp_path / one.path).is_file() for one in plan.files)
    assert plan.protocol_file == f"artifacts/{stem}-protocol.json"
    protocol = Protocol.model_validate(json.loads((tmp_path / plan.protocol_file).read_text()))
    assert plan.protocol_check == (
        f"simulated with PyLabRobot 0.2.2: {protocol.transfers} transfers, no complaints; "
        "Opentrons OT-2: not simulated; Opentrons Flex: not simulated"
    )
    with (tmp_path / f"artifacts/{stem}-results.csv").open() as file:
        assert [row["code"] for row in csv.DictReader(file)] == [sample.code for sample in plan.samples]


async def test_doing_it_again_gives_the_same_bytes(tmp_path):
    first = await equipped(tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "artifacts").iterdir()}
    assert await equipped(tmp_path) == first
    assert {path.name: path.read_bytes() for path in (tmp_path / "artifacts").iterdir()} == before


async def test_a_tool_that_fails_leaves_a_plan_that_says_so(tmp_path):
    async def broken(name, arguments):
        return failed(RuntimeError("the worker died"))

    plan = await equipped(tmp_path, caller=broken)
    assert plan.protocol_file is None and "the worker died" in plan.protocol_check
    assert any(one.name.endswith("worksheet.html") for one in plan.files)


async def test_a_missing_typst_is_told_and_costs_the_pdf_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("agent.graphs.equipping.pdf_missing", lambda: "No PDF here.")
    said: list[str] = []
    plan = await equipped(tmp_path, said=said)
    assert said == ["No PDF here."]
    assert not any(one.name.endswith(".pdf") for one in plan.files)
    assert any(one.name.endswith("worksheet.html") for one in plan.files)


async def test_a_method_without_liquid_handling_says_that_there_is_no_protocol(tmp_path):
    plan = await design_experiment(HYPOTHESES[0], RUN)
    bare = plan.model_copy(update={"samples": ()})
    (tmp_path / "artifacts").mkdir()
    made = await equip(
        bare, folder=tmp_path, call=call, candidates=(), hypotheses=(), notice=lambda _: pytest.fail("nothing to say")
    )
    assert made.protocol_file is None and made.protocol_check == NO_PROTOCOL
    assert worksheet.layout_csv(made) == ""
