"""Zip archives, unpacked with care: no member leaves the folder, no archive fills the disk."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits

_MOST_MEMBERS = 50_000
_UNPACKED_MB = 4_000  # of one archive
_RATIO = 300  # unpacked to packed size of a member larger than a megabyte: more is made to exhaust


def unpack(path: Path, folder: Path, limits: ReadingLimits) -> list[tuple[str, str]]:
    """Unpack an archive into an empty folder.

    Args:
        path: The archive.
        folder: Where its members go, under their own names.
        limits: Members larger than ``file_mb`` are left out.

    Returns:
        Members that were left out, each with the reason: a path that leads out of the folder, a link, an encrypted or
        damaged member, one too large or made to exhaust readers.

    Raises:
        ReadingError: It is no archive that can be read, or holds too much.
    """
    refused: list[tuple[str, str]] = []
    left = _UNPACKED_MB * 1_000_000
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise ReadingError(f"It is a damaged or truncated zip archive: {error}.", remedy="Fetch it again.") from error
    with archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(members) > _MOST_MEMBERS:
            raise ReadingError(f"It holds {len(members):,} files, and {_MOST_MEMBERS:,} are allowed.")
        for member in members:
            reason = _refusal(member, limits)
            if not reason:
                target = folder / PurePosixPath(member.filename)
                size, reason = _write(archive, member, target, min(left, limits.file_mb * 1_000_000))
                left -= size
                if left <= 0:
                    raise ReadingError(f"It unpacks to more than {_UNPACKED_MB:,} MB.", remedy="Unpack it yourself.")
            if reason:
                refused.append((member.filename, reason))
    return refused


def _refusal(member: zipfile.ZipInfo, limits: ReadingLimits) -> str:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if not name.parts:
        return "It has no name."
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0] or "\0" in member.filename:
        return "Its path leads out of the archive; it was not unpacked."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "It is a link; it was not unpacked."
    if member.flag_bits & 1:
        return "It is encrypted and needs a password."
    if member.file_size > limits.file_mb * 1_000_000:
        return f"It is too large: {member.file_size / 1e6:.0f} MB, and the limit is {limits.file_mb} MB."
    if member.file_size > 1_000_000 and member.file_size > _RATIO * max(1, member.compress_size):
        return f"It is packed {member.file_size // max(1, member.compress_size)} times, as no document is."
    return ""


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> tuple[int, str]:
    """Write one member; how many bytes, and why it was left out if it was. Its stated size is not believed."""
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("xb") as out:
            while piece := packed.read(1 << 20):
                written += len(piece)
                if written > most:
                    out.close()
                    target.unlink()
                    return written, "It unpacks to more than it says; it was left out."
                out.write(piece)
    except FileExistsError:
        return 0, "The archive holds two files of this name; the first was taken."
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        target.unlink(missing_ok=True)
        return written, f"It is damaged: {error}."
    except Exception as error:  # zlib.error and its like from the decompressors
        target.unlink(missing_ok=True)
        return written, f"It cannot be unpacked: {error}."
    return written, ""
