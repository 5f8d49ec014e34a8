"""Refusing the network inside a process, by an audit hook that no library can go around in Python.

Local sockets (UNIX, loopback) stay allowed: worker pipes, a model server on this machine, a chromadb server.
"""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

from agent.errors import OfflineRefusal

_LOCAL_NAMES = {"localhost", "localhost.localdomain", "ip6-localhost", ""}
_state: dict[str, Any] = {"reason": None, "allowed": frozenset(), "hooked": False}


def refuse_network(reason: str, *, allowed: frozenset[str] = frozenset()) -> None:
    """From now on, refuse every connection and look-up outside this machine.

    Args:
        reason: Why, for the error's text.
        allowed: Host names that the user has consented to (the configured model's).
    """
    _state.update(reason=reason, allowed=allowed)
    if not _state["hooked"]:
        _state["hooked"] = True
        sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _state["reason"] is None:
        return
    if event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if not _local(name) and name not in _state["allowed"]:
        raise OfflineRefusal(
            f"A connection to '{name}' was refused: {_state['reason']}.",
            remedy="Set `offline = false` if the network may be used.",
        )


def _local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False
