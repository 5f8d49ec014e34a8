"""A PostgreSQL of our own: the machine's server programs, an empty database, a socket in a folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, if the machine has them."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    return next(
        (home for home in [*homes, *([Path(found).parent] if found else [])] if (home / "initdb").exists()), None
    )


@contextlib.contextmanager
def running_postgres(home: Path, folder: Path) -> Iterator[str]:
    """Start a server in a folder, reachable by its socket alone, and give its address.

    PostgreSQL refuses to run as the superuser: its own user, or nobody, runs it then.
    """
    user = _unprivileged()
    folder.mkdir(parents=True)
    if user:
        shutil.chown(folder, user)
        for parent in folder.parents:
            with contextlib.suppress(PermissionError):
                parent.chmod(parent.stat().st_mode | 0o011)
    data, socket = folder / "data", folder
    _run([home / "initdb", "-D", data, "-U", "lab", "-A", "trust", "--no-sync", "-E", "UTF8"], user)
    options = f"-c listen_addresses='' -k {socket} -c fsync=off"
    _run([home / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], user)
    try:
        yield f"postgresql://lab@/postgres?host={socket}"
    finally:
        _run([home / "pg_ctl", "-D", data, "-m", "immediate", "stop"], user)


def _unprivileged() -> str:
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(command: list[str | Path], user: str) -> None:
    prefix = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"] if user else []
    subprocess.run([*prefix, *map(str, command)], check=True, cwd="/", capture_output=True, timeout=120)
