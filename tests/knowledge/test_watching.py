"""A watched folder is ingested as it changes."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from knowledge import IngestReport, Store
from knowledge.watching import watch


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.05)


def test_what_comes_and_changes_is_read_and_what_goes_is_kept(papers: Path, store: Store) -> None:
    stop = threading.Event()
    reports: list[IngestReport] = []
    failures: list[BaseException] = []

    def reported(report: IngestReport) -> None:
        if not reports:  # comes while the first ingestion is still at work
            (papers / "new.txt").write_text("Zeolites adsorb water.")
        reports.append(report)

    def watching() -> None:
        try:
            watch([papers], store, reported, stop=stop)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=watching)
    thread.start()
    try:
        until(lambda: len(reports) == 1)
        (papers / ".hidden.txt").write_text("hidden")
        until(lambda: any(file.path.endswith("new.txt") for report in reports for file in report.files))
        (papers / "new.txt").write_text("Zeolites adsorb methane.")
        until(lambda: any(report.count("replaced") for report in reports))
        (papers / "celecoxib.txt").unlink()
        outside = papers.parent / "thesis"
        outside.mkdir()
        (outside / "chapter.txt").write_text("The kiln broke in March.")
        outside.rename(papers / "thesis")  # a folder that is moved in says nothing of its files
        until(lambda: any(file.path.endswith("chapter.txt") for report in reports for file in report.files))
    finally:
        stop.set()
        thread.join(30)
    assert failures == [] and not thread.is_alive()
    assert len(store.documents()) == 5
    assert "methane" in store.search("zeolites", 1)[0].text
    assert not any(file.path.endswith(".hidden.txt") for report in reports for file in report.files)
