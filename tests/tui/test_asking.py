"""Questions in the chat that the lab's documents answer, through a stub of the command line."""

from pathlib import Path

from support.faces import WIDE, Lab, opened, type_line, until, words
from textual.widgets import Static

from tui.app import GedankenApp
from tui.dialogs.small import Page
from tui.runs.children import Children


def with_documents(lab: Lab) -> GedankenApp:
    store = lab.folder / "home" / "knowledge"
    store.mkdir(parents=True)
    (store / "store.json").write_text("{}")
    return lab.app()


async def test_without_a_run_the_documents_answer_and_the_citation_opens_its_passage(lab: Lab) -> None:
    async with with_documents(lab).run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/ask how do sulfonamides dissolve?")
        await until(pilot, lambda: "study.pdf, page 3" in words(app))
        assert "“Sulfonamides dissolve poorly.”" in words(app)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, Page))
        text = str(app.screen.query_one(Static).content)
        assert "It is old. Sulfonamides dissolve poorly. So it is." in text and "characters 11 to 40" in text
    called = lab.calls[0]
    assert called[:4] == ["ask", "--reasoner", "playbook", "--json"]
    assert called[-2:] == ["--", "how do sulfonamides dissolve?"]


async def test_with_a_run_both_are_asked_and_what_neither_holds_is_said(lab: Lab, finished: Path) -> None:
    async with with_documents(lab).run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, "/ask what did the pope eat?")
        await until(pilot, lambda: "Not found in these documents (4)." in words(app))
        assert "Not in this run's evidence" in words(app)
        assert "Nearest:" in words(app)


async def test_without_documents_nothing_is_called(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/ask anything?")
        await until(pilot, lambda: "there are no documents yet" in words(app))
        await opened(pilot, finished)
        await type_line(pilot, "/ask which candidate has the highest QED?")
        await until(pilot, lambda: "QED" in words(app))
        assert lab.calls == []


async def test_options_of_a_call_stand_before_literal_words(tmp_path: Path) -> None:
    """Behind ``--`` the real command line would take them for words of the question."""
    children = Children(options=("--home", str(tmp_path / "home"), "--out", str(tmp_path / "runs")))
    code, plain, complaint = await children.ask("ask", "--reasoner", "playbook", "--", "--is it?")
    assert (code, plain["found"], plain["question"]) == (1, False, "--is it?"), complaint
