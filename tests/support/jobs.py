"""Functions for worker processes in tests: each does one thing that a step might do to its worker."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

from agent.execution.progress import progress


def echo(**arguments: Any) -> dict[str, Any]:
    progress(0.5, "half")
    progress(1.0, "whole")
    return arguments


def pid() -> dict[str, Any]:
    return {"pid": os.getpid()}


def sleep(seconds: float, mark: str = "") -> dict[str, Any]:
    if mark:  # there with its content, or not there
        Path(f"{mark}.part").write_text(str(os.getpid()))
        os.replace(f"{mark}.part", mark)
    time.sleep(seconds)
    return {"slept": seconds}


def die() -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def leave() -> dict[str, Any]:
    print("the last words", flush=True)
    os._exit(3)


def swell(megabytes: int) -> dict[str, Any]:
    hoard = []
    for _ in range(megabytes):
        hoard.append(bytearray(os.urandom(1024) * 1024))
        time.sleep(0.002)
    time.sleep(60)  # it is stopped here
    return {"held": len(hoard)}


def stumble() -> dict[str, Any]:
    raise ValueError("what was asked makes no sense")


def chatter() -> dict[str, Any]:
    print("libraries print things")
    os.write(1, b"even to the file descriptor\n")
    return {"said": True}


def connect(host: str) -> dict[str, Any]:
    with socket.socket() as client:
        client.settimeout(5)
        client.connect((host, 9))
    return {"connected": True}
