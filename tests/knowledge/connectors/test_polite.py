"""The one HTTP layer: spacing, waiting, backing off, caching, damaged answers, and going on after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from knowledge import ConnectorError, open_store
from knowledge.connectors import fetch
from knowledge.connectors.polite import Polite, _retry_after

ROOT = Path(__file__).parents[3]
WORK = "/works/10.5555/cr.1"


def titles(network, reference: str = "crossref:10.5555/cr.1") -> list[str]:
    return [parsed.metadata.title for _, parsed in fetch(reference, network)]


def requests(replay) -> int:
    return sum(replay.asked.values())


@pytest.mark.parametrize("faults", [[500, 503], ["cut"], ["torn"], ["cut", 502, "torn", 429]])
def test_trouble_of_a_server_is_waited_out(faults: list, network, replay) -> None:
    replay.faults[WORK] = list(faults)
    assert titles(network) == ["Crossref work 1"]
    assert requests(replay) == len(faults) + 1


def test_retry_after_is_obeyed(network, replay) -> None:
    replay.faults[WORK] = [(429, 1)]
    started = time.monotonic()
    assert titles(network) == ["Crossref work 1"]
    assert time.monotonic() - started >= 1.0


def test_a_long_wait_is_left_to_another_time(network, replay) -> None:
    replay.faults[WORK] = [(429, 3600)]
    with pytest.raises(ConnectorError, match="asks to wait 3600 s") as caught:
        titles(network)
    assert "goes on" in caught.value.remedy


def test_it_gives_up_after_its_attempts_and_says_so(network, replay) -> None:
    replay.faults[WORK] = [500] * 9
    with pytest.raises(ConnectorError, match="in 6 attempts; the last trouble was status 500"):
        titles(network)
    assert requests(replay) == 6


def test_a_refusal_is_not_repeated(network, replay) -> None:
    replay.faults[WORK] = [403] * 9
    with pytest.raises(ConnectorError, match="refuses the request"):
        titles(network)
    assert requests(replay) == 1


def test_a_service_that_cannot_be_reached_is_said(network) -> None:
    closed = replace(network, bases={"crossref": "http://127.0.0.1:9"}, attempts=2)
    with pytest.raises(ConnectorError, match="did not answer"):
        titles(closed)


def test_answers_come_from_the_cache_while_fresh_then_by_their_tag(network, replay) -> None:
    replay.etag = '"v1"'
    assert titles(network) == titles(network) == ["Crossref work 1"]
    assert requests(replay) == 1
    stale = replace(network, fresh_days=0.0)
    assert titles(stale) == ["Crossref work 1"]  # answered with 304 and the kept body
    assert requests(replay) == 2 and replay.headers["if-none-match"] == '"v1"'


def test_a_damaged_cache_is_fetched_anew(network, replay) -> None:
    titles(network)
    for file in (Path(network.cache) / "crossref").iterdir():
        file.write_text(file.read_text()[:40])
    assert titles(network) == ["Crossref work 1"]
    assert requests(replay) == 2


def test_requests_are_spaced(network) -> None:
    with Polite("crossref", network.bases["crossref"], 0.2, replace(network, pace=1.0)) as service:
        started = time.monotonic()
        for number in range(3):
            service.get("works", {"query": "x", "rows": 1, "cursor": "*", "n": number})
        assert time.monotonic() - started >= 0.4


def test_retry_after_as_a_date() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert _retry_after(format_datetime(later, usegmt=True)) == pytest.approx(90, abs=3)
    assert _retry_after("7") == 7
    assert _retry_after("soon") == _retry_after("") == 0


FETCHING = """
import json, sys
sys.path.insert(0, sys.argv[3])
from conftest import WordHashEngine
from knowledge import add_documents, open_store
from knowledge.connectors import Network, fetch
settings = json.loads(sys.argv[1])
store = open_store(sys.argv[2], embedder=WordHashEngine())
print(add_documents(fetch("uniprot:inventase", Network(**settings)), store).count("added"))
"""


def test_a_killed_fetch_goes_on_from_its_cache(network, replay, tmp_path: Path, engine) -> None:
    settings = {"cache": str(network.cache), "bases": dict(network.bases), "pace": 0.0}
    command = [
        sys.executable,
        "-c",
        FETCHING,
        json.dumps(settings),
        str(tmp_path / "lab"),
        str(Path(__file__).parents[1]),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE)

    def kill_at_the_second_page(path: str, query: dict[str, str]) -> None:
        if "cursor" in query:
            process.send_signal(signal.SIGKILL)

    replay.on_request = kill_at_the_second_page
    assert process.wait(60) == -signal.SIGKILL
    assert process.stdout is not None
    process.stdout.close()
    replay.on_request = None
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2", done.stderr
    first = next(count for path, count in replay.asked.items() if "cursor" not in path)
    assert first == 1  # the page that had come was not asked for again
    documents = open_store(tmp_path / "lab", embedder=engine).documents()
    assert [document.name for document in documents] == ["uniprot:P00001", "uniprot:P00002"]
