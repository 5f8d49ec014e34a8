"""Hand-made protocols for robots."""

from __future__ import annotations

from agent.tools.robots import Protocol
from agent.tools.robots.compiling import Compiled, compile_protocol
from agent.tools.robots.labware import LABWARE, ROBOTS, RobotName


def well(index: int) -> str:
    return LABWARE["plate-96"].well(index)


def plain(count: int = 12, stock: float = 1000.0, volume: float = 5.0, **changes) -> dict:
    """Buffer into wells with one tip, then stock with a tip each."""
    return {
        "title": "dilute",
        "labware": [
            {"id": "assay", "kind": "plate-96", "slot": 1},
            {"id": "stocks", "kind": "tubes-24", "slot": 4},
            {"id": "buffer", "kind": "troughs-12", "slot": 5},
        ],
        "liquids": [
            {"place": "stocks:A1", "name": "c2", "volume_ul": stock},
            {"place": "buffer:A1", "name": "buffer", "volume_ul": 14000},
        ],
        "steps": [
            {
                "kind": "transfer", "source": "buffer:A1", "target": f"assay:{well(i)}", "volume_ul": 95,
                "tip": "same" if i else "new",
            }
            for i in range(count)
        ]
        + [
            {"kind": "transfer", "source": "stocks:A1", "target": f"assay:{well(i)}", "volume_ul": volume, "mix": 2}
            for i in range(count)
        ],
    } | changes  # fmt: skip


def compiled(data: dict, robot: RobotName = "ot2") -> Compiled:
    return compile_protocol(Protocol.model_validate(data), ROBOTS[robot])
