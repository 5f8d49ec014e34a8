"""A writer that kills itself: ``python interrupted.py STORE PAPERS EVENT`` ingests and dies by SIGKILL at an event.

Events are the points at which the state on disk changes, or is about to: every call to chromadb, every commit of the
catalogue, every published file. ``EVENT`` 0 means: live. The count of events is printed at the end.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from conftest import WordHashEngine

import knowledge.ingestion as ingestion
import knowledge.snapshot as snapshot
from knowledge import ingest, open_store
from knowledge.catalogue import Catalogue
from knowledge.store import Writer

seen = 0
fatal = int(sys.argv[3])


def event() -> None:
    global seen
    seen += 1
    if seen == fatal:
        os.kill(os.getpid(), signal.SIGKILL)


def watched(function):
    def wrapper(*arguments, **named):
        event()
        result = function(*arguments, **named)
        event()
        return result

    return wrapper


Writer._ask = watched(Writer._ask)
Catalogue.put = watched(Catalogue.put)
Catalogue.mark = watched(Catalogue.mark)
Catalogue.mark_arrived = watched(Catalogue.mark_arrived)
Catalogue.forget_waiting = watched(Catalogue.forget_waiting)
snapshot.os.replace = watched(os.replace)
snapshot.Path.rename = watched(Path.rename)
snapshot.shutil.rmtree = watched(snapshot.shutil.rmtree)
ingestion._BATCH = 4
ingestion._WORTH_SHOWING = 0  # show the words before the vectors, as a large ingestion does

report = ingest([sys.argv[2]], open_store(sys.argv[1], embedder=WordHashEngine()))
print(seen, report.embedded)
