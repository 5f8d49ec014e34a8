"""Outside tools in a session: what the servers of the settings offer joins the catalogue."""

from __future__ import annotations

from agent.errors import GedankenError
from agent.settings import Settings
from agent.tools import Catalogue


async def join_outside(tools: Catalogue, settings: Settings, *, refresh: bool = False) -> Catalogue:
    """The catalogue with the tools of outside servers.

    A server is asked when it was never asked before, or on ``refresh``, and only online; otherwise its list of the last
    time serves. A server that does not answer is left out, with the reason, and nothing else suffers.

    Args:
        tools: Ours.
        settings: With the servers.
        refresh: Ask every server again.

    Returns:
        Ours and theirs.
    """
    if not settings.mcp_servers:
        return tools
    from agent.tools.outside import discover, remembered

    joined, left_out = {}, []
    for name, server in sorted(settings.mcp_servers.items()):
        found = None if refresh and not settings.offline else remembered(name, server, settings.outside_path)
        if found is None and settings.offline:
            left_out.append(f"{name}: never asked for its tools, and this session is offline")
        elif found is None:
            try:
                found = await discover(name, server, settings.outside_path)
            except GedankenError as error:
                left_out.append(str(error))
        joined |= found or {}
    return tools.joined_by(joined, left_out)
