import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.protocols import compiled, plain, well

from agent.errors import RepairableToolError
from agent.tools.robots import Protocol, read_protocol, simulate_protocol, write_protocol
from agent.tools.robots.labware import SLOTS


def test_a_sound_protocol_compiles_to_strokes_that_pipettes_reach():
    out = compiled(plain())
    assert out.complaints == []
    assert out.tips == {"tips-20": 12, "tips-300": 1}
    assert sorted(one.kind for one in out.deck.values()) == [
        "plate-96",
        "tips-20",
        "tips-300",
        "troughs-12",
        "tubes-24",
    ]
    moved = [move for move in out.moves if move.kind == "move"]
    for move in moved:
        pipette = out.robot.pipettes[move.pipette]
        assert pipette.least_ul <= move.volume_ul <= pipette.most_ul
    assert sum(move.volume_ul for move in moved) == pytest.approx(12 * 100)
    assert out.final["assay:A01"] == pytest.approx(100) and out.final["stocks:A01"] == pytest.approx(940)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labware": [*plain()["labware"], {"id": "odd", "kind": "plate-1536", "slot": 7}]}, "'plate-1536' is unknown"),
        (
            {"labware": [*plain()["labware"], {"id": "more", "kind": "plate-96", "slot": 4}]},
            "slot 4 is taken by 'stocks'",
        ),
        ({"labware": [*plain()["labware"], {"id": "out", "kind": "plate-96", "slot": 12}]}, "no slot 12"),
        ({"labware": [*plain()["labware"], {"id": "assay", "kind": "plate-96", "slot": 7}]}, "named twice"),
        ({"liquids": [{"place": "stocks:A1", "name": "c2", "volume_ul": 1600}]}, "it holds 1500"),
        ({"liquids": []}, "overdrawn"),
    ],
)
def test_a_deck_that_cannot_be_is_refused(changes, said):
    assert any(said in one for one in compiled(plain(**changes)).complaints)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"source": "stocks:A1", "target": "assay:P24", "volume_ul": 5}, "no well P24 on 'assay', which has 96"),
        ({"source": "nowhere:A1", "target": "assay:A1", "volume_ul": 5}, "no labware 'nowhere'"),
        ({"source": "stocks:A1", "target": "assay:A1", "volume_ul": 0.2}, "less than the 1 µL"),
        ({"source": "buffer:A1", "target": "assay:A1", "volume_ul": 300}, "assay:A1 overflows: 400 µL"),
        ({"source": "stocks:A1", "target": "assay:A1", "volume_ul": float("nan")}, "nan µL"),
    ],
)
def test_a_step_that_cannot_be_is_named(step, said):
    data = plain()
    data["steps"].append({"kind": "transfer", **step})
    complaints = compiled(data).complaints
    assert len(complaints) == 1 and complaints[0].startswith("step 25: ") and said in complaints[0]


def test_an_overdrawn_well_is_refused_with_its_dead_volume():
    out = compiled(plain(stock=60))
    assert out.complaints[0].startswith(
        "step 19: stocks:A1 is overdrawn: it holds 30 µL, 5 are taken, and 30 have to stay"
    )


def test_a_protocol_with_racks_of_its_own_may_lack_tips():
    racks = [{"id": "small", "kind": "tips-20", "slot": 9}, {"id": "large", "kind": "tips-300", "slot": 10}]
    data = plain(96, labware=[*plain()["labware"], *racks])
    assert compiled(data).complaints == []
    data["steps"].append({"kind": "transfer", "source": "stocks:A1", "target": "assay:A1", "volume_ul": 5})
    assert "no tip is left for the p20_single_gen2: it needs 97" in compiled(data).complaints[0]
    assert "0 racks" in compiled(plain(4, labware=[*plain()["labware"], racks[0]])).complaints[0]
    data["steps"].insert(96, {"kind": "prompt", "text": "New racks.", "tips": True})
    assert "no tip is left" in compiled(data).complaints[0]  # 97 are needed after it


def test_racks_that_run_out_are_replaced_where_the_robot_brings_its_own():
    blocked = [{"id": f"p{slot}", "kind": "plate-96", "slot": slot} for slot in (2, 3, 6, 7, 8, 9)]
    data = plain(96, labware=[*plain()["labware"], *blocked])
    data["steps"] += [{"kind": "transfer", "source": "stocks:A1", "target": "p2:A1", "volume_ul": 2}] * 3
    out = compiled(data)
    assert out.complaints == [] and out.refills == 1
    assert any(move.kind == "pause" and "Replace" in move.text for move in out.moves)
    full = [*data["labware"], *({"id": f"q{slot}", "kind": "plate-96", "slot": slot} for slot in (10, 11))]
    assert "no slot left for tips" in compiled(plain(4, labware=full)).complaints[0]


@given(
    st.lists(st.tuples(st.integers(0, 95), st.floats(1, 900)), min_size=1, max_size=30),
    st.sampled_from(["ot2", "flex", "pylabrobot"]),
)
@settings(max_examples=40, deadline=None)
def test_volume_is_conserved_and_tips_are_never_shared_by_two_liquids(transfers, robot):
    data = plain(0, labware=[
        {"id": "deep", "kind": "deep-96", "slot": 1}, {"id": "water", "kind": "trough-1", "slot": 2},
    ], liquids=[{"place": "water:A1", "name": "water", "volume_ul": 190000}], steps=[
        {"kind": "transfer", "source": "water:A1", "target": f"deep:{well(i)}", "volume_ul": v} for i, v in transfers
    ])  # fmt: skip
    out = compiled(data, robot)
    assert sum(out.final.values()) == pytest.approx(190000)
    if not out.complaints:
        assert set(out.deck) <= set(SLOTS)
        moved = sum(move.volume_ul for move in out.moves if move.kind == "move")
        assert moved == pytest.approx(sum(v for _, v in transfers), abs=0.1)
        picks = [move.kind for move in out.moves if move.kind in ("pick", "drop")]
        assert picks == ["pick", "drop"] * (len(picks) // 2)
    else:
        assert all("overflows" in one or "more of the kind" in one for one in out.complaints)


def test_a_protocol_is_written_once_checked_and_refused_otherwise():
    written = write_protocol(plain(), "neutral", "x1-protocol")
    assert written.artifacts[0].name == "x1-protocol.json" and written.data["transfers"] == 24
    assert read_protocol(written.artifacts[0].content) == Protocol.model_validate(plain())
    assert write_protocol(plain(), "flex").data["deck"]["D1"]["id"] == "assay"
    with pytest.raises(RepairableToolError, match="step 13: stocks:A1 is overdrawn"):
        write_protocol(plain(stock=10))
    with pytest.raises(RepairableToolError, match="cannot be read"):
        write_protocol("/nowhere/protocol.json")
    with pytest.raises(RepairableToolError, match="labware: field required"):
        write_protocol({"title": "t", "steps": []})


def test_scripts_are_python_and_the_same_every_time():
    first = write_protocol(plain(title='A "quoted" \\ title'), "ot2").artifacts[0].content
    assert first == write_protocol(plain(title='A "quoted" \\ title'), "ot2").artifacts[0].content
    compile(first, "script.py", "exec")
    assert "'robotType'" not in first and '"robotType": "OT-2"' in first


def test_without_the_vendors_software_a_script_is_not_simulated_and_says_so():
    result = simulate_protocol(plain(), ["ot2", "flex"])
    assert result.data["check"] == "Opentrons OT-2: not simulated; Opentrons Flex: not simulated"
    assert "make opentrons" in result.data["robots"]["ot2"]["complaint"]
