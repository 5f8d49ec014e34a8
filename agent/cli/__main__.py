"""``python -m agent.cli``: the command line where no script is installed, and for processes that a face starts."""

from agent.cli import main

main()
