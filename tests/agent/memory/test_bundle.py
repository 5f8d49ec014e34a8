"""The bundle: files and columns as the contract names them, whole or not at all, and read back as they were written."""

from __future__ import annotations

import csv
import errno
import io
import json
import math
import os
import resource
import shutil
import tempfile
from pathlib import Path

import pytest
from support.sample_run import make_run

from agent.errors import InputError, StorageError
from agent.memory.bundle import candidates_csv, read_bundle, write_bundle
from agent.memory.history import History
from agent.memory.runs import create_run
from agent.records import BUNDLE_VERSION, Candidate, Goal, Quantity, RunInfo, Value

DERIVED = (
    "plan.json",
    "evidence.jsonl",
    "candidates.csv",
    "hypotheses.json",
    "experiments.json",
    "report.md",
    "report.html",
    "ro-crate-metadata.json",
)


@pytest.fixture
def sample(tmp_path: Path) -> tuple[Path, RunInfo, History]:
    return make_run(tmp_path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sample = make_run(tmp_path_factory.mktemp("written"))
    write_bundle(*sample)
    return sample[0]


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Path:
    """A whole bundle that a test may spoil."""
    return Path(shutil.copytree(written, tmp_path / "bundle"))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the contract ---------------------------------------------------------------------------------------------------


def test_every_file_of_the_contract_is_there(bundle: Path) -> None:
    names = {path.name for path in bundle.iterdir()}
    assert names == {"run.json", "ledger.jsonl", "artifacts", *DERIVED}


def test_the_plan_shows_each_step_and_how_it_ended(bundle: Path) -> None:
    plan = json.loads((bundle / "plan.json").read_text())
    assert plan["rationale"] == "Resolve, vary, check."
    assert [step["id"] for step in plan["steps"]] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert [step["status"] for step in plan["steps"]] == ["ok", "ok", "empty", "ok", "error", "skipped"]
    for step in plan["steps"]:
        assert {"id", "tool", "arguments", "needs", "why", "status", "seconds", "cached", "message"} <= set(step)
    assert plan["steps"][1]["arguments"] == {"seed": "${s1.data.smiles}"}
    assert plan["steps"][5]["message"] == "it needs s5, which is 'error'"


def test_evidence_is_one_object_a_line(bundle: Path) -> None:
    lines = [json.loads(line) for line in (bundle / "evidence.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ["e1", "e2", "e3", "e4", "e5"]
    for line in lines:
        assert {"id", "step", "tool", "status", "summary", "values", "artifacts", "citations"} <= set(line)
    assert lines[0]["values"] == [{"name": "mass", "value": 32.04, "unit": "g/mol", "uncertainty": None}]
    assert lines[3]["citations"][0]["page"] == 3


def test_the_table_has_the_contract_columns_then_properties_with_units_then_labels(bundle: Path) -> None:
    with (bundle / "candidates.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("id", "kind", "structure", "name", "rank", "score", "feasible", "reason"),
        *("logP", "QED", "mass_g_per_mol", "HBD", "logS_ESOL_log_molar", "zeta_score"),
        "change",
    ]
    assert [int(row["rank"]) for row in rows] == list(range(1, 13))
    assert {row["feasible"] for row in rows} == {"true", "false"}
    first = next(row for row in rows if row["id"] == "c1")
    assert first["name"] == '=HYPERLINK, "quoted"\nname'  # as it is, quoted by the CSV rules alone
    assert first["mass_g_per_mol"] == "301.0"
    assert first["HBD"] == "1"
    assert next(row for row in rows if row["id"] == "c5")["zeta_score"] == ""


def test_withheld_candidates_are_in_no_derived_table(bundle: Path) -> None:
    for name in ("candidates.csv", "report.html", "report.md", "ro-crate-metadata.json"):
        assert "WITHHELD" not in (bundle / name).read_text()
    assert "matches the hazard screen" in (bundle / "report.md").read_text()


def test_one_quantity_in_two_units_makes_two_columns() -> None:
    def one(identity: str, unit: str) -> Candidate:
        quantity = Quantity(name="density", value=2.0, unit=unit, source="e1")
        return Candidate(id=identity, kind="crystal", structure=identity, quantities={"density": quantity})

    rows = list(csv.DictReader(io.StringIO(candidates_csv([one("c1", "g/cm**3"), one("c2", "kg/m**3")]))))
    assert rows[0]["density_g_per_cm3"] == "2.0" and rows[0]["density_kg_per_m3"] == ""
    assert rows[1]["density_g_per_cm3"] == "" and rows[1]["density_kg_per_m3"] == "2.0"


def test_hypotheses_are_strings_with_the_sources_of_their_figures(bundle: Path) -> None:
    first, second = json.loads((bundle / "hypotheses.json").read_text())
    assert (first["id"], first["rank"], first["rating"], first["interval"]) == ("h1", 1, 1.2, [0.4, 2.0])
    assert first["statement"].startswith("A hydroxyl, as in c3")
    assert isinstance(first["mechanism"], str)
    span = first["spans"]["statement"][0]
    assert (first["statement"][span["start"] : span["end"]], span["source"]) == ("0.4", "e2")
    assert {"quantity", "relation", "value", "unit"} <= set(first["prediction"])
    assert first["evidence_for"][0]["source"] == "e2"
    assert first["evidence_for"][0]["text"] == "The slope is -0.4 over 12."
    assert first["evidence_against"][0]["weight"] == 0.3
    assert first["unverified"] == ["7.7"]
    assert {"citations", "novelty", "novelty_basis", "refuted_by", "scope", "kind"} <= set(first)
    assert second["evidence_against"] == []


def test_experiments_carry_every_field_of_the_contract(bundle: Path) -> None:
    (plan,) = json.loads((bundle / "experiments.json").read_text())
    assert {
        *("id", "hypothesis", "factors", "controls", "replicates", "sample_size", "power", "procedure", "measurements"),
        *("decision_rule", "hazards", "cost", "duration", "protocol_file"),
    } <= set(plan)
    assert plan["procedure"] == ["Weigh 2.0 mg.", "Shake for 24 h."]
    assert plan["decision_rule"] == "Support above 0.3."
    assert plan["unverified"] == ["2.0"]


def test_files_are_strict_json_even_where_a_number_is_none(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    values = (Value(name="slope", value=float("nan"), uncertainty=float("inf")),)
    history.evidence["e2"] = history.evidence["e2"].model_copy(update={"values": values})
    history.experiments = tuple(one.model_copy(update={"power": float("nan")}) for one in history.experiments)
    write_bundle(folder, info, history)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    for name in ("plan.json", "hypotheses.json", "experiments.json", "ro-crate-metadata.json"):
        json.loads((folder / name).read_text(), parse_constant=refuse)
    for line in (folder / "evidence.jsonl").read_text().splitlines():
        json.loads(line, parse_constant=refuse)
    back = read_bundle(folder)
    assert math.isnan(back.evidence[1].values[0].value) and back.evidence[1].values[0].uncertainty == math.inf
    assert math.isnan(back.experiments[0].power or 0.0)


# --- the same run, the same bytes -----------------------------------------------------------------------------------


def test_writing_twice_changes_no_byte(sample: tuple[Path, RunInfo, History]) -> None:
    write_bundle(*sample)
    before = content(sample[0])
    write_bundle(*sample)
    assert content(sample[0]) == before


def test_the_same_run_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = make_run(tmp_path / "one"), make_run(tmp_path / "two")
    write_bundle(*first)
    write_bundle(*second)
    assert content(first[0]) == content(second[0])


def test_a_run_that_failed_at_once_still_leaves_a_readable_bundle(tmp_path: Path) -> None:
    info = RunInfo(id="r1", goal=Goal(text="?"), status="failed", error="The goal names nothing.")
    folder = create_run(tmp_path, info)
    write_bundle(folder, info, History(run="r1", goal="?", status="failed"))
    back = read_bundle(folder)
    assert (back.steps, back.evidence, back.candidates, back.hypotheses) == ((), (), (), ())
    assert "The goal names nothing." in (folder / "report.html").read_text()
    assert (folder / "candidates.csv").read_text() == "id,kind,structure,name,rank,score,feasible,reason\n"


# --- whole or not at all --------------------------------------------------------------------------------------------


def test_a_disk_that_fails_in_the_middle_leaves_the_old_file_whole(sample: tuple[Path, RunInfo, History]) -> None:
    folder, info, history = sample
    write_bundle(folder, info, history)
    before = content(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    longer = info.model_copy(update={"goal": Goal(text="another goal")})
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # a real refusal by the system, in the middle of a file
    try:
        with pytest.raises(StorageError) as caught:
            write_bundle(folder, longer, history)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(folder) in str(caught.value) and caught.value.remedy
    after = content(folder)
    assert set(after) == set(before)  # no temporary file is left behind
    assert after["report.html"] == before["report.html"]


@pytest.mark.parametrize(("number", "way_out"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "--out")])
def test_a_full_or_read_only_disk_is_said_with_the_way_out(
    sample: tuple[Path, RunInfo, History], monkeypatch: pytest.MonkeyPatch, number: int, way_out: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(StorageError, match=way_out) as caught:
        write_bundle(*sample)
    assert str(sample[0]) in caught.value.message


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write into read-only folders")
def test_a_read_only_folder_is_refused(sample: tuple[Path, RunInfo, History]) -> None:
    sample[0].chmod(0o555)
    try:
        with pytest.raises(StorageError, match="permission"):
            write_bundle(*sample)
    finally:
        sample[0].chmod(0o755)


def test_a_folder_that_is_no_folder_is_refused(sample: tuple[Path, RunInfo, History], tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(StorageError, match="a file"):
        write_bundle(tmp_path / "a file", sample[1], sample[2])


# --- read back ------------------------------------------------------------------------------------------------------


def test_a_bundle_reads_back_as_it_was_written(sample: tuple[Path, RunInfo, History]) -> None:
    folder, info, history = sample
    write_bundle(folder, info, history)
    back = read_bundle(folder)
    assert back.info == info
    assert back.steps == history.plan.steps
    assert back.states == history.states
    assert back.evidence == tuple(history.evidence.values())
    assert back.hypotheses == history.hypotheses
    assert back.experiments == history.experiments
    assert [row["id"] for row in back.candidates] == [one.id for one in history.candidates if not one.withheld]


def test_a_newer_bundle_is_refused_with_both_versions(bundle: Path) -> None:
    plain = json.loads((bundle / "run.json").read_text())
    (bundle / "run.json").write_text(json.dumps(plain | {"bundle_version": BUNDLE_VERSION + 1, "new": "field"}))
    with pytest.raises(InputError, match=rf"{BUNDLE_VERSION + 1}.*{BUNDLE_VERSION}"):
        read_bundle(bundle)


def test_missing_files_are_named(bundle: Path) -> None:
    (bundle / "plan.json").unlink()
    (bundle / "evidence.jsonl").unlink()
    with pytest.raises(InputError, match=r"plan.json, evidence.jsonl are missing.*gedanken resume"):
        read_bundle(bundle)


@pytest.mark.parametrize(
    "name", ["plan.json", "evidence.jsonl", "candidates.csv", "hypotheses.json", "experiments.json"]
)
@pytest.mark.parametrize("kept", [0.35, 0.99])
def test_a_torn_file_is_named(bundle: Path, name: str, kept: float) -> None:
    whole = (bundle / name).read_bytes()
    (bundle / name).write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(InputError, match=rf"{name} is torn or was changed.*gedanken resume"):
        read_bundle(bundle)


def test_a_changed_field_is_named(bundle: Path) -> None:
    plain = json.loads((bundle / "hypotheses.json").read_text())
    plain[0]["prediction"]["relation"] = "~"
    (bundle / "hypotheses.json").write_text(json.dumps(plain))
    with pytest.raises(InputError, match=r"hypotheses.json.*prediction.relation"):
        read_bundle(bundle)
    del plain[0]["spans"]
    (bundle / "hypotheses.json").write_text(json.dumps(plain))
    with pytest.raises(InputError, match="spans"):
        read_bundle(bundle)


def test_a_line_of_evidence_that_does_not_fit_is_named(bundle: Path) -> None:
    lines = (bundle / "evidence.jsonl").read_text().splitlines(keepends=True)
    lines[1] = '{"id": "e2"}\n'
    (bundle / "evidence.jsonl").write_text("".join(lines))
    with pytest.raises(InputError, match="line 2"):
        read_bundle(bundle)
