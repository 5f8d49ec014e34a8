"""The files of a bundle's ``artifacts/``: what a step leaves, by its content's hash; what people look for, by name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from agent.memory.files.disk import write_bytes
from agent.records import Artifact, ArtifactContent, Evidence

ARTIFACTS = "artifacts"


def keep_artifact(folder: Path, content: ArtifactContent) -> Artifact:
    """Write an artifact under ``artifacts/``, named by its content's hash, and say where it is.

    The disk is not waited for: `is_whole` finds out what a power cut has taken.
    """
    body = content.content.encode()
    digest = hashlib.sha256(body).hexdigest()
    name = Path(content.name)
    path = f"{ARTIFACTS}/{name.stem}-{digest[:10]}{name.suffix}"
    if not (folder / path).exists() or (folder / path).stat().st_size != len(body):
        write_bytes(folder / path, body, sync=False)
    return Artifact(name=content.name, path=path, media_type=content.media_type, sha256=digest, title=content.title)


def is_whole(folder: Path, evidence: Evidence) -> bool:
    """Whether everything that a step left in the bundle is there and says what it said."""
    digests = {found.path: found.sha256 for found in evidence.artifacts}
    digests[evidence.payload] = Path(evidence.payload).stem.rpartition("-")[2]
    try:
        return all(
            hashlib.sha256((folder / path).read_bytes()).hexdigest().startswith(digest)
            for path, digest in digests.items()
        )
    except OSError:
        return False


def keep_file(folder: Path, name: str, content: str | bytes, media_type: str, title: str = "") -> Artifact:
    """Write a file under ``artifacts/`` by its own name, for people who look for it there.

    A file of that name that says something else is never overwritten (somebody may have filled it in): the new one is
    then named by its content's hash as well.

    Args:
        folder: The bundle.
        name: File name, such as ``x1-results.csv``.
        content: Text, or bytes for a PDF.
        media_type: Its kind.
        title: What a reader sees.
    """
    body = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(body).hexdigest()
    path = f"{ARTIFACTS}/{name}"
    if (folder / path).exists() and (folder / path).read_bytes() != body:
        path = f"{ARTIFACTS}/{Path(name).stem}-{digest[:10]}{Path(name).suffix}"
    if not (folder / path).exists():
        write_bytes(folder / path, body)
    return Artifact(name=name, path=path, media_type=media_type, sha256=digest, title=title)
