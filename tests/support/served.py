"""A server over the tests' own tools and reasoner, in a process of its own: ``python -m support.served [--http]``."""

from __future__ import annotations

import sys

from support.batches import WordyReasoner
from support.science import small_catalogue

import agent.server.transports as transports
from agent.cli.shell import execute
from agent.server import serve
from agent.session import Session
from agent.settings import Settings


def small_session(settings: Settings) -> Session:
    return Session(settings, tools=small_catalogue(), reasoner=WordyReasoner(()))


def main() -> int:
    transports.Session = small_session  # type: ignore[assignment]
    compact, http = "--compact" in sys.argv, "--http" in sys.argv
    return execute(lambda: serve(http=http, compact=compact, token="secret", cache=False), debug=False, as_json=False)


if __name__ == "__main__":
    sys.exit(main())
