"""The files of a bundle: named by what they hold."""

from __future__ import annotations

from pathlib import Path

from agent.memory.files.artifacts import keep_artifact
from agent.records import ArtifactContent


def test_artifacts_are_named_by_content(tmp_path: Path) -> None:
    folder = tmp_path
    content = ArtifactContent(name="plot.svg", media_type="image/svg+xml", content="<svg/>")
    kept = keep_artifact(folder, content)
    assert (folder / kept.path).read_text() == "<svg/>"
    assert keep_artifact(folder, content) == kept
    assert keep_artifact(folder, content.model_copy(update={"content": "<svg></svg>"})).path != kept.path
