"""A teller in a process of its own: ``python -m support.teller RUN SHEET`` says what it kept, and in what time."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from agent.session.telling import keep


async def main(run: str, sheet: str) -> None:
    started = time.perf_counter()
    kept, known, _ = await keep(Path(run), Path(sheet))
    print(json.dumps({"kept": len(kept), "known": len(known), "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
