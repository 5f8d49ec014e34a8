"""A campaign on disk: one readable description and two append-only lists, safe against kills and against each other.

``campaign.json`` is written once. ``proposals.jsonl`` and ``observations.jsonl`` only grow, line by line, under a lock
and flushed to disk; a line torn by a kill is the last one and is cut off before the next is written. All three are
plain text for version control.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from agent.campaign.records import CAMPAIGN_VERSION, Campaign, Proposal, State, Told
from agent.errors import InputError, StorageError
from agent.memory.files.disk import disk_error, held, write_text
from agent.memory.files.lines import append_lines, read_head, whole_lines
from agent.records import Record

CAMPAIGN = "campaign.json"
PROPOSALS = "proposals.jsonl"
OBSERVATIONS = "observations.jsonl"
WAIT_SECONDS = 30.0

R = TypeVar("R", bound=Record)


class CampaignFolder:
    """The folder of one campaign.

    Args:
        path: Where it is; see `create` and `find`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, parent: Path, campaign: Campaign) -> CampaignFolder:
        """Make a campaign's folder.

        Raises:
            InputError: There is one of that name.
            StorageError: The disk refuses.
        """
        folder = cls(parent / campaign.name)
        try:
            folder.path.mkdir(parents=True)
        except FileExistsError as error:
            raise InputError(
                f"There is a campaign '{campaign.name}' in {parent} already.", remedy="Choose another name."
            ) from error
        except OSError as error:
            raise disk_error("the campaign's folder", folder.path, error) from error
        write_text(folder.path / ".gitignore", "*.lock\n")
        write_text(folder.path / CAMPAIGN, json.dumps(campaign.plain(), ensure_ascii=False, indent=2) + "\n")
        return folder

    @classmethod
    def find(cls, parent: Path, name: str) -> CampaignFolder:
        """The folder of a campaign by name, or by path.

        Raises:
            InputError: There is none; the message names those there are.
        """
        for path in (parent / name, Path(name)):
            if (path / CAMPAIGN).is_file():
                return cls(path)
        known = sorted(path.parent.name for path in parent.glob(f"*/{CAMPAIGN}"))
        raise InputError(
            f"There is no campaign '{name}' in {parent}.",
            remedy=f"There are: {', '.join(known)}." if known else "`gedanken campaign new` makes one.",
        )

    def read(self) -> State:
        """The campaign as it stands.

        Raises:
            InputError: A file is damaged, or comes from a newer version.
        """
        return State(
            campaign=self._campaign(),
            proposals=tuple(self._lines(PROPOSALS, Proposal)),
            told=tuple(self._lines(OBSERVATIONS, Told)),
        )

    def locked(self, what: str = "tell") -> AbstractContextManager[None]:
        """Hold the campaign (``tell``: its files; ``next``: the making of proposals).

        Raises:
            StorageError: Another process holds it for longer than half a minute.
        """
        return held(
            self.path / f".{what}.lock",
            "the campaign's lock",
            f"Another process holds the campaign {self.path.name}.",
            "Try again when it is done.",
            patience=WAIT_SECONDS if what == "tell" else 20 * WAIT_SECONDS,
        )

    def append_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Write proposals and see them on disk; the caller holds the lock."""
        self._append(PROPOSALS, proposals)

    def append_told(self, told: Sequence[Told]) -> None:
        """Write results and see them on disk; the caller holds the lock."""
        self._append(OBSERVATIONS, told)

    def _append(self, name: str, records: Sequence[Record]) -> None:
        if not records:
            return
        path = self.path / name
        try:
            append_lines(path, [one.model_dump_json().encode() for one in records])
        except OSError as error:
            raise disk_error(f"the campaign's {name}", path, error) from error

    def _campaign(self) -> Campaign:
        path = self.path / CAMPAIGN
        remedy = "Restore it from version control."
        plain = read_head(path, "version", CAMPAIGN_VERSION, remedy)
        try:
            return Campaign.model_validate(plain)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"{path} is damaged: {where}: {first['msg']}.", remedy=remedy) from error

    def _lines(self, name: str, kind: type[R]) -> Iterator[R]:
        path = self.path / name
        try:
            lines = list(whole_lines(path))
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error
        for number, line in lines:
            try:
                yield kind.model_validate_json(line)
            except ValidationError as error:
                raise InputError(
                    f"Line {number} of {path} cannot be read: {error.errors()[0]['msg']}.",
                    remedy="Restore the file from version control.",
                ) from error
