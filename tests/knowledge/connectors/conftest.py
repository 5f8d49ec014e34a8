"""A replaying server and a network that knows no other address."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from replay import Replay, replaying

from knowledge.connectors import CONNECTORS, Network


@pytest.fixture
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


@pytest.fixture
def network(replay: Replay, tmp_path: Path) -> Network:
    bases = dict.fromkeys((*CONNECTORS, "pdb-search"), replay.address) | {"openalex": f"{replay.address}/oa"}
    return Network(tmp_path / "http", contact="lab@example.org", bases=bases, keys={"mp": "secret-key"}, pace=0.0)
