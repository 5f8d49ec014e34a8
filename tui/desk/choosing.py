"""What the next runs are done with: which plans wait, who thinks, what may be spent; and the colours."""

from __future__ import annotations

import json
from typing import Any

from tui.desk.calling import Calling
from tui.drawing.themes import SHORT


class Choosing(Calling):
    """Commands that show or set something for the runs to come."""

    def _command_confirm(self, rest: str) -> None:
        asked = {"all": True, "costly": "costly", "none": False}
        if rest and rest not in asked:
            self.complain(f"'{rest}' is none of all, costly, none.")
            return
        if rest:
            self.approval = asked[rest]  # type: ignore[assignment]
        told = {
            True: "Every plan waits for a yes.",
            "costly": "Plans with costly or hazardous steps wait for a yes.",
            False: "No plan waits for a yes.",
        }
        self.transcript.say(told[self.approval])

    def _command_model(self, rest: str) -> None:
        assert self.settings is not None
        if rest:
            who = {"reasoner": "playbook", "model": None} if rest == "playbook" else {"reasoner": "auto", "model": rest}
            self.settings = self.settings.model_copy(update=who)
            self.update_state()
        where = f" at {self.settings.base_url}" if self.settings.base_url and self.settings.model else ""
        self.transcript.say(f"The next runs think with: {self.state.reasoner}{where}")
        self.redraw()

    def _command_budget(self, rest: str) -> None:
        from agent.records import Limits

        if rest:
            self.limits = None if rest == "none" else _limits(rest)
            self.update_state()
        shown = (self.limits or Limits()).model_dump(exclude_none=True)
        told = ", ".join(f"{name} {value:g}" for name, value in shown.items()) or "what the settings say"
        self.transcript.say(f"The next runs may spend: {told}")
        self.redraw()

    def _command_theme(self, rest: str) -> None:
        names = sorted(self.available_themes)
        if not rest:
            self.transcript.say(f"Colours: {self.theme}. There are dark, light, {', '.join(names)}.")
        elif SHORT.get(rest, rest) in names:
            self.theme = SHORT.get(rest, rest)
        else:
            self.complain(f"There is no theme '{rest}'. There are dark, light, {', '.join(names)}.")


_LIMITS = {
    "seconds": "seconds",
    "calls": "tool_calls",
    "tool_calls": "tool_calls",
    "tokens": "tokens",
    "cost": "cost_usd",
}


def _limits(text: str) -> Any:
    """Limits from ``seconds=600 calls=40 tokens=100000 cost=2.5``."""
    from pydantic import ValidationError

    from agent.errors import InputError
    from agent.records import Limits

    found: dict[str, Any] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        try:
            found[_LIMITS[name]] = json.loads(value)
        except (KeyError, ValueError) as error:
            raise InputError(
                f"'{word}' is no limit.", remedy="Write for instance seconds=600 calls=40 cost=2.5."
            ) from error
    try:
        return Limits(**found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"The limit {first['loc'][0]} does not fit: {first['msg'].lower()}.") from error
