"""Looking closer: sources, passages, files, pictures, comparisons, and what is taken out of a run."""

from __future__ import annotations

import asyncio
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from agent.units import counted
from tui.desk.runs import Desk

if TYPE_CHECKING:
    from textual.content import Content

    from agent.records import Experiment


class Looking(Desk):
    """Everything that is only looked at."""

    def jump(self, target: str) -> None:
        """Go to an id of the open run, or to where a passage was found; say what an outside source is."""
        if passage := self.passages.get(target):
            self._read_passage(passage)
            return
        places = {"e": "evidence", "s": "plan", "c": "candidates", "h": "hypotheses", "x": "experiments"}
        view = places.get(target[:1]) if target[1:].isdigit() else None
        if view is None and self.model is not None:
            for found in self.model.history.evidence.values():
                if any(target in (cited.passage, cited.document) for cited in found.citations):
                    view, target = "evidence", found.id
                    break
        if view is None:
            kinds = {
                "goal": "stated in the goal",
                "doi": "a published value",
                "method": "set by the method",
                "tool": "a call outside the plan",
            }
            what = kinds.get(target.split(":")[0], "a source outside this run")
            self.notify(f"{target}: {what}.", title="Source")
            return
        self._jump(view, target)

    def _read_passage(self, statement: dict[str, Any]) -> None:
        from tui.texts.passages import passage_content

        self.show_page(passage_content(statement))

    def show_page(self, text: str | Content) -> None:
        """Show something to read: Markdown, or text as it is."""
        from tui.dialogs.small import Page

        self.push_screen(Page(text))

    def _jump(self, view: str, target: str) -> None:
        self.run_worker(self._jump_now(view, target), exclusive=True, group="jump")

    async def _jump_now(self, view: str, target: str) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self.action_view(view)
        found = self.query_one(f"#{view}").choose(target)  # type: ignore[attr-defined]
        if not found:
            self.notify(f"This run has no {target}.", severity="warning")

    def action_jump(self, target: str) -> None:
        """Go to an id or a source."""
        self.jump(target)

    def show_sources(self, sources: Sequence[tuple[str, str]]) -> None:
        """Go to the source, or choose among several."""
        if not sources:
            self.notify("It has no source of its own.", severity="warning")
        elif len(sources) == 1:
            self.jump(sources[0][0])
        else:
            from tui.dialogs.small import Choose

            shown = [(key, f"{key}  {text}") for key, text in sources]
            self.push_screen(Choose("Where it comes from", shown), lambda key: self.jump(key) if key else None)

    def action_last_source(self) -> None:
        """The sources of the latest answer."""
        self.show_sources(self.sources)

    # --- files and pictures -----------------------------------------------------------------------------------------

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a file with the desktop's program; among several one is chosen."""
        there = [path for path in paths if path.exists()]
        if not there:
            self.notify("There is no file to open.", severity="warning")
        elif len(there) == 1:
            self.open_path(there[0])
        else:
            from tui.dialogs.small import Choose

            options = [(str(path), path.name) for path in there]
            self.push_screen(
                Choose("Open which file?", options), lambda path: self.open_path(Path(path)) if path else None
            )

    def open_path(self, path: Path) -> None:
        """Open a file with the desktop's program; where there is none, its path is copied."""
        opener = shutil.which("xdg-open") or shutil.which("open")
        if opener is None:
            self.copy_to_clipboard(str(path))
            self.notify(str(path), title="No program to open it; the path is copied")
            return
        from tui.runs.children import start_detached

        start_detached([opener, str(path)])
        self.notify(str(path), title="Opening")

    def action_open_named(self, path: str) -> None:
        """Open the file of a link."""
        self.open_files([Path(path)])

    def show_picture(self, paths: Sequence[Path], title: str) -> None:
        """Show the first picture among some files over the whole terminal, until a key is pressed."""
        from agent.errors import GedankenError
        from tui.drawing.pictures import show_picture

        pictures = [path for path in paths if path.suffix.lower() in (".svg", ".png") and path.exists()]
        if not pictures:
            self.notify("There is no picture of it.", severity="warning")
            return
        try:
            with self.suspend():
                show_picture(pictures[0], title)
        except SuspendNotSupported:
            self.notify("This terminal cannot show it; o opens the file.", severity="warning")
        except GedankenError as error:
            self.notify(str(error), severity="error")
        self.refresh()

    # --- comparing and taking out -----------------------------------------------------------------------------------

    def compare_runs(self, first: Path, second: Path) -> None:
        """Show what two runs have in common and where they differ."""
        self.run_worker(self._compare_runs_now(first, second), group="compare")

    async def _compare_runs_now(self, first: Path, second: Path) -> None:
        from agent.errors import GedankenError
        from tui.texts.comparison import compare

        try:
            text = await asyncio.to_thread(compare, first, second)
        except GedankenError as error:
            self.complain(error)
            return
        self.show_page(text)

    def export(self, target: str) -> None:
        """Write the open run's bundle as one ZIP file."""
        self.run_worker(self._export_now(target), group="export")

    async def _export_now(self, target: str) -> None:
        assert self.model is not None
        folder = self.model.folder
        path = Path(target).expanduser() if target else Path.cwd() / f"{folder.name}.zip"
        if path.is_dir():
            path = path / f"{folder.name}.zip"
        try:
            count = await asyncio.to_thread(_zip, folder, path)
        except OSError as error:
            self.complain(f"The bundle cannot be written to {path}: {error.strerror or error}.")
            return
        self.transcript.say(f"{counted(count, 'file')} written to {path}", tone="good")

    def compare_hypotheses(self, first: str, second: str) -> None:
        """Show two hypotheses of the open run side by side, with what came of comparing them."""
        from tui.texts.hypotheses import side_by_side

        if self.model is None:
            return
        history = self.model.history
        found = {one.id: one for one in (*history.dropped, *history.hypotheses)}
        missing = [key for key in (first, second) if key not in found]
        if missing:
            self.complain(f"This run has no hypothesis {missing[0]}.")
            return
        told = []
        for one in history.verdicts:
            if {one.first, one.second} == {first, second}:
                winner = {"first": one.first, "second": one.second, "tie": "neither"}[one.winner]
                told.append(f"{one.judge or 'a judge'}: {winner}{', ' + one.reason if one.reason else ''}")
        width = min(150, int(self.size.width * 0.92)) - 6
        self.show_page(side_by_side(found[first], found[second], "; ".join(told[:3]), width))

    def experiment(self, key: str) -> Experiment | None:
        """An experiment of the open run."""
        plans = self.model.history.experiments if self.model else ()
        return next((plan for plan in plans if plan.id == key), None)

    def export_experiment(self, key: str, target: str) -> None:
        """Copy an experiment's files (worksheet, layout, protocols, template) into a folder."""
        plan = self.experiment(key)
        if plan is None or self.model is None:
            self.complain(f"This run has no experiment {key}.")
            return
        own = [plan.protocol_file] if plan.protocol_file else []
        names: list[str] = list(dict.fromkeys([*own, *(file.path for file in plan.files)]))
        folder = Path(target).expanduser() if target else Path.cwd() / f"{self.model.name}-{key}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in names:
                shutil.copy(self.model.folder / name, folder)
            (folder / f"{key}.txt").write_text(self._worksheet(plan), encoding="utf-8")
        except OSError as error:
            self.complain(f"The files of {key} cannot be copied to {folder}: {error.strerror or error}.")
            return
        self.notify(f"{counted(len(names) + 1, 'file')} in {folder}", title=f"{key} exported")
        self.transcript.say(f"{key}: {counted(len(names) + 1, 'file')} written to {folder}", tone="good")

    def _worksheet(self, plan: Experiment) -> str:
        from tui.texts.worksheets import worksheet

        return worksheet(plan).plain + "\n"


def _zip(folder: Path, path: Path) -> int:
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and not one.name.startswith(".")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.write(one, Path(folder.name) / one.relative_to(folder))
    return len(files)
