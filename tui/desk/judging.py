"""What the researcher says to a run: verdicts on hypotheses, measured results, tags, and which step to cancel."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agent.units import counted
from tui.desk.asking import Asking

if TYPE_CHECKING:
    from tui.forms.results import Row


class Judging(Asking):
    """Everything that is recorded in a run's bundle."""

    # --- verdicts ---------------------------------------------------------------------------------------------------

    def judge(self, hypothesis: str, verdict: str) -> None:
        """Record what the researcher says of a hypothesis, with a note; then offer to rank anew."""
        from tui.dialogs.small import Ask

        if self.model is None:
            return
        words = {"accepted": "Accept", "rejected": "Reject", "open": "A note on"}[verdict]

        def judged(note: str | None) -> None:
            if note is not None:
                self.record_verdict(hypothesis, verdict, note)

        self.push_screen(Ask(f"{words} {hypothesis}: why?", empty=verdict != "open"), judged)

    def record_verdict(self, hypothesis: str, verdict: str, note: str) -> None:
        """Write a verdict into the bundle."""
        from agent.errors import GedankenError
        from agent.memory.opinions import Opinion, record_opinion

        assert self.model is not None
        opinion = Opinion(hypothesis=hypothesis, verdict=verdict, note=note)  # type: ignore[arg-type]
        try:
            record_opinion(self.model.folder, opinion)
        except GedankenError as error:
            self.notify(str(error), severity="error")
            return
        for view in self.screen_stack[0].query("#hypotheses"):
            view.judged(opinion)  # type: ignore[attr-defined]
        if verdict != "open":
            self.notify("k ranks anew with it; later runs count it from the start.", title=f"{hypothesis} {verdict}")

    def rerank(self) -> None:
        """Rank the open run's hypotheses anew, with the researcher's verdicts."""
        self.run_worker(self._rerank_now(), exclusive=True, group="rerank")

    async def _rerank_now(self) -> None:
        from agent.errors import GedankenError

        model = self.model
        if model is None:
            return
        before = [one.id for one in model.history.hypotheses]
        try:
            after = await asyncio.to_thread(_rerank, model.folder)
        except GedankenError as error:
            self.notify(str(error), severity="error")
            return
        moved = sum(one != other for one, other in zip(before, after, strict=False))
        self.notify(
            f"{counted(moved, 'hypothesis', 'hypotheses')} moved." if moved else "The order stays as it was.",
            title="Ranked anew",
        )

    # --- results ----------------------------------------------------------------------------------------------------

    def tell_results(self, key: str, sheet: str = "") -> None:
        """Enter what was measured in an experiment, or import a filled-in sheet."""
        self.run_worker(self._tell_results_now(key, sheet), exclusive=True, group="dialog")

    async def _tell_results_now(self, key: str, sheet: str) -> None:
        from agent.errors import GedankenError
        from tui.dialogs.small import Ask
        from tui.forms import results

        model, plan = self.model, self.experiment(key) if key else None
        if model is None or (plan is None and not sheet):
            self.complain(f"This run has no experiment {key}." if key else "Name an experiment, or @SHEET.")
            return
        told: list[Row] | str | None = sheet
        if not sheet and plan is not None:
            rows = results.rows_of(plan, model.history.results)
            if rows:
                from tui.dialogs.results_form import ResultsForm

                told = await self.push_screen_wait(ResultsForm(f"{plan.id}  {plan.title}", rows))
            else:
                asked = f"{key} lists no samples to type results for. Which sheet (CSV) holds them?"
                told = await self.push_screen_wait(Ask(asked))
        if not told:
            return
        try:
            if isinstance(told, str):
                path = Path(told.removeprefix("@")).expanduser()
            else:
                assert plan is not None
                text = results.sheet(plan, told, results.template_of(model.folder, plan))
                path = results.keep_sheet(model.folder, plan, text)
        except GedankenError as error:
            self.complain(error)
            return
        await self._tell_now(model.folder, path)

    async def _tell_now(self, folder: Path, path: Path) -> None:
        code, plain, complaint = await self.waited("taking results in", "tell", str(folder), str(path))
        from tui.texts.replies import told_content

        self.transcript.say(told_content(code, plain, complaint, path), tone="good" if code == 0 else "bad")
        if code == 0:
            states = [belief.get("state", "") for belief in plain.get("beliefs", []) if isinstance(belief, dict)]
            self.notify(", ".join(states) or "Taken in.", title="Results")
        else:
            self.notify("The results were not taken in; the chat says why.", severity="error")

    # --- steps and tags ---------------------------------------------------------------------------------------------

    def cancel_step(self, step: str) -> None:
        """Cancel one step of the open run, whoever carries it on."""
        from agent.errors import GedankenError
        from agent.memory.wishes import wish_cancel

        if self.model is None:
            return
        try:
            wish_cancel(self.model.folder, self.model.history, step)
        except GedankenError as error:
            self.notify(str(error), severity="warning")
            return
        when = "The run goes on without it." if self.model.working else "It will not run when the run is resumed."
        self.notify(when, title=f"Cancelling {step}")

    def tag_run(self, folder: Path, tags: str) -> None:
        """Ask for a run's tags, and keep them."""
        from tui.dialogs.small import Ask

        def named(words: str | None) -> None:
            if words is not None:
                self.keep_tags(folder, words)

        self.push_screen(Ask("Tags, with spaces between them", default=tags, empty=True), named)

    def keep_tags(self, folder: Path, words: str) -> None:
        """Replace a run's tags."""
        from agent.errors import GedankenError
        from agent.memory.tags import write_tags

        try:
            kept = write_tags(folder, words.replace(",", " ").split())
        except GedankenError as error:
            self.notify(str(error), severity="error")
            return
        self.notify(" ".join(f"#{tag}" for tag in kept) or "no tags", title="Filed under")
        self.refresh_runs()


def _rerank(folder: Path) -> list[str]:
    from agent.memory.history import fold
    from agent.memory.ledger import LEDGER, read_ledger
    from agent.session.reranking import rerank

    rerank(folder)
    return [one.id for one in fold(read_ledger(folder / LEDGER)).hypotheses]
