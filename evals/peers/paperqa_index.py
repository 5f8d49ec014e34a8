"""paper-qa's own index over a folder of text files, timed: run by an interpreter that has paper-qa, not by ours.

``python evals/peers/paperqa_index.py FOLDER QUESTIONS.json`` prints one line of JSON: the seconds of building the
index, the seconds and processor seconds of every question, and how many it refused. No language model is called and
nothing is fetched: citations are given, details of documents are not looked up, and vectors are paper-qa's ``sparse``
ones, counts of tokens.

Building is what paper-qa does to a folder: it reads and chunks every file, and writes the full-text index (tantivy) of
the files with their chunks. Asking is what it does before a model is called: a query of the full-text index for the
eight best files, their chunks gathered, and the eight best chunks of those by vector with maximal marginal relevance.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FILES = 8
PASSAGES = 8


async def measure(folder: Path, questions: list[str]) -> dict[str, Any]:
    """Build the index and ask.

    Args:
        folder: Text files.
        questions: Asked one after another.
    """
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import logging

    from paperqa import Docs, Settings  # type: ignore[import-not-found]
    from paperqa.agents.search import get_directory_index  # type: ignore[import-not-found]
    from paperqa.version import __version__  # type: ignore[import-not-found]

    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="paperqa-") as scratch:
        manifest = Path(scratch) / "manifest.csv"
        with manifest.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("file_location", "citation", "title", "docname", "dockey"))
            rows.writerows((one.name, one.stem, one.stem, one.stem, one.stem) for one in sorted(folder.glob("*.txt")))
        index = {
            "name": "peer", "paper_directory": str(folder), "index_directory": scratch, "manifest_file": str(manifest),
        }  # fmt: skip
        settings = Settings(
            embedding="sparse", parsing={"use_doc_details": False, "multimodal": False}, agent={"index": index}
        )
        await _warm(settings, scratch)
        started = time.perf_counter()
        built = await get_directory_index(settings=settings)
        build = time.perf_counter() - started
        files = len(await built.index_files)
        asked, empty, refused = [], 0, 0
        for question in questions:
            started, used = time.perf_counter(), time.process_time()
            gathered = Docs()
            try:
                files_found = await built.query(question, top_n=FILES, field_subset=["title", "body", "year"])
            except ValueError:  # its full-text index cannot parse some questions, such as one with an apostrophe
                refused += 1
                continue
            for found in files_found:
                for key, doc in found.docs.items():
                    await gathered.aadd_texts([t for t in found.texts if t.doc.dockey == key], doc, settings=settings)
            passages = await gathered.retrieve_texts(question, PASSAGES, settings=settings) if gathered.docs else []
            asked.append((time.perf_counter() - started, time.process_time() - used))
            empty += not passages
    return {"version": __version__, "files": files, "build": build, "ask": asked, "empty": empty, "refused": refused}


async def _warm(settings: Any, scratch: str) -> None:
    """A file of its own is read and asked once, so that imports and tables of tokens are not counted."""
    from paperqa import Docs  # type: ignore[import-not-found]

    path = Path(scratch) / "warm.txt"
    path.write_text("The sample was weighed twice before it was dried in a vacuum over night. " * 20)
    docs = Docs()
    await docs.aadd(path, citation="warm", title="warm", docname="warm", settings=settings)
    await docs.retrieve_texts("Was the sample dried?", 1, settings=settings)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())))))
