"""The server itself: the protocol's requests, answered by the session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from agent import __version__
from agent.errors import GedankenError, InputError
from agent.records import Goal, Limits
from agent.server import bundles, offers
from agent.server.desk import LOOK, RunDesk
from agent.session import Session
from agent.tools._declare import complaints

INSTRUCTIONS = (
    "Gedanken computes with domain tools of chemistry, materials and biology and carries research goals through to"
    " ranked, falsifiable hypotheses and experiment plans. Every tool answers with an envelope: 'ok' found something,"
    " 'empty' looked and found nothing, 'error' could not look. No figure may be reported that no result holds."
    " `run_goal` carries a whole goal through; its bundle (report.md first) is a set of resources."
)
COMPACT = " The tools themselves are behind `find_tools`, `describe_tool` and `call_tool`."

PAGE = 20
"""How many runs a page of resources holds."""

Context: TypeAlias = ServerRequestContext[Any, Any]


class App:
    """Answers a client's requests.

    Args:
        session: Calls tools and carries runs.
        compact: Offer three tools in place of the whole catalogue.
    """

    def __init__(self, session: Session, *, compact: bool) -> None:
        self.desk = RunDesk(session)
        self._session = session
        self._catalogue = session.toolbox.catalogue
        self._compact = compact
        self._offered = offers.offered(self._catalogue, compact)
        self._own: dict[str, Callable[[Context, Any], Awaitable[types.CallToolResult]]] = {
            "run_goal": self._run_goal,
            "answer_run": self._answer_run,
            "resume_run": self._resume_run,
            "run_status": self._run_status,
            "cancel_run": self._cancel_run,
            "list_runs": self._list_runs,
        }
        if compact:
            compacted = {"find_tools": self._find, "describe_tool": self._describe, "call_tool": self._call_named}
            self._own |= compacted
        self._models = offers.RUN_TOOLS | (offers.COMPACT_TOOLS if compact else {})
        self.server: Server[Any] = Server(
            "gedanken",
            version=__version__,
            instructions=INSTRUCTIONS + (COMPACT if compact else ""),
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_templates,
            on_read_resource=self.read_resource,
        )

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """``tools/list``."""
        return types.ListToolsResult(tools=self._offered)

    async def call_tool(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """``tools/call``: what a caller can correct comes back as an error in the result, not of the protocol."""
        given = params.arguments or {}
        if params.name not in self._own:
            if self._compact:
                return offers.refused(
                    f"There is no tool '{params.name}' here: `call_tool` calls the catalogue's tools."
                )
            return await self._call(context, params.name, given)
        try:
            return await self._own[params.name](context, self._models[params.name].model_validate(given))
        except ValidationError as error:
            return offers.refused(f"{params.name}: {complaints(error)}")
        except GedankenError as error:
            return offers.refused(str(error))

    async def list_resources(
        self, _: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """``resources/list``: the files of the newest runs, a page at a time."""
        files, following = bundles.listed(self.desk.out, params.cursor if params else None, PAGE)
        resources = [
            types.Resource(
                uri=bundles.address(path.parent, path.name),
                name=f"{path.parent.name}/{path.name}",
                mime_type=bundles.media_type(path),
                size=path.stat().st_size,
            )
            for path in files
        ]
        return types.ListResourcesResult(resources=resources, next_cursor=following)

    async def list_templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """``resources/templates/list``."""
        template = types.ResourceTemplate(
            uri_template=bundles.TEMPLATE,
            name="file of a run",
            description="A file of a run's bundle, artifacts included; the address of a folder lists what is in it.",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """``resources/read``."""
        contents: list[types.TextResourceContents | types.BlobResourceContents] = []
        try:
            for uri, kind, text, blob in bundles.read(self.desk.out, str(params.uri)):
                if text is not None:
                    contents.append(types.TextResourceContents(uri=uri, mime_type=kind, text=text))
                else:
                    contents.append(types.BlobResourceContents(uri=uri, mime_type=kind, blob=blob or ""))
        except (GedankenError, OSError) as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        return types.ReadResourceResult(contents=contents)

    # --- tools ------------------------------------------------------------------------------------------------------

    async def _call(self, context: Context, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Call a tool of the catalogue; a client that goes away stops it."""
        latest: tuple[float, str] | None = None
        sent = None

        def on_progress(fraction: float, message: str) -> None:
            nonlocal latest
            latest = (fraction, message)

        task = asyncio.create_task(self._session.call(name, arguments, on_progress))
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                if latest is not None and latest != sent:
                    sent = latest
                    await context.session.report_progress(sent[0], 1.0, sent[1] or None)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        return offers.envelope(task.result())

    async def _find(self, _: Context, asked: offers.FindTools) -> types.CallToolResult:
        return offers.told({"tools": offers.found(self._catalogue, asked.query, asked.count)})

    async def _describe(self, _: Context, asked: offers.DescribeTool) -> types.CallToolResult:
        tool = offers.from_catalogue(self._catalogue.get(asked.name))
        return offers.told({"name": tool.name, "description": tool.description, "arguments": tool.input_schema})

    async def _call_named(self, context: Context, asked: offers.CallTool) -> types.CallToolResult:
        return await self._call(context, asked.name, asked.arguments)

    # --- runs -------------------------------------------------------------------------------------------------------

    async def _run_goal(self, context: Context, asked: offers.RunGoal) -> types.CallToolResult:
        limits = Limits(seconds=asked.max_seconds, tool_calls=asked.max_tool_calls)
        goal = Goal(text=asked.goal, attachments=tuple(asked.attachments), seed=asked.seed, limits=limits)
        reasoner = None if asked.reasoner == "auto" else asked.reasoner
        folder = self.desk.begin(goal, approve=asked.approve, reasoner=reasoner)
        return await self._watched(context, folder, asked.wait_seconds)

    async def _answer_run(self, context: Context, asked: offers.AnswerRun) -> types.CallToolResult:
        folder = self.desk.find(asked.run)
        if self.desk.reply(folder).question is None:
            raise InputError(
                f"The run {folder.name} does not ask anything.", remedy="`run_status` says where it stands."
            )
        self.desk.carry_on(folder, answer=asked.answer)
        return await self._watched(context, folder, asked.wait_seconds)

    async def _resume_run(self, context: Context, asked: offers.ResumeRun) -> types.CallToolResult:
        folder = self.desk.find(asked.run)
        self.desk.carry_on(folder)
        return await self._watched(context, folder, asked.wait_seconds)

    async def _run_status(self, context: Context, asked: offers.RunStatusOf) -> types.CallToolResult:
        return await self._watched(context, self.desk.find(asked.run), asked.wait_seconds)

    async def _cancel_run(self, _: Context, asked: offers.CancelRun) -> types.CallToolResult:
        return offers.told((await self.desk.cancel(self.desk.find(asked.run))).plain())

    async def _list_runs(self, _: Context, asked: offers.ListRuns) -> types.CallToolResult:
        return offers.told({"runs": self.desk.listed(asked.count)})

    async def _watched(self, context: Context, folder: Any, seconds: float | None) -> types.CallToolResult:
        async def report(fraction: float, message: str) -> None:
            await context.session.report_progress(fraction, 1.0, message)

        return offers.told((await self.desk.wait(folder, seconds, report)).plain())
