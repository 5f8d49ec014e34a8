"""A command that works in a thread ends when it is told to, with what it started."""

import signal
import subprocess
import sys

CODE = """
import subprocess, sys, time
from agent.cli import shell

def suite():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print("started", flush=True)
    time.sleep(60)

shell.find_face = lambda name: type("Face", (), {"suite": staticmethod(suite)})
shell.execute(lambda: shell.measure("suite"), debug=False, as_json=False)
"""


def test_an_evaluation_stops_at_the_first_signal_with_its_processes() -> None:
    process = subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)  # which ends when the last that holds the pipe does: the child, too
    assert process.returncode == 130
    assert "stopping" in told
