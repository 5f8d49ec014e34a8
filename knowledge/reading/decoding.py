"""Bytes to text: the encodings that labs have, and a clear refusal of what is not text."""

from __future__ import annotations

import re

from knowledge.errors import ReadingError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COMMON_HANGUL = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")  # the 2,350 syllables of KS X 1001 that texts are made of


def decode(content: bytes) -> tuple[str, str]:
    """Decode a text file.

    UTF-8 and UTF-16 with a byte order mark are taken as they are. Otherwise Korean (CP949) is tried where it gives
    mostly Hangul, then Western European (CP1252) where few bytes need it.

    Args:
        content: The file's bytes.

    Returns:
        The text with ``\\n`` line ends, and a warning where the encoding was guessed.

    Raises:
        ReadingError: It is binary, or no known encoding fits.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return _unified(content.decode(encoding)), ""
            except UnicodeDecodeError as error:
                raise ReadingError(f"It is not valid {error.encoding} text at byte {error.start:,}.") from error
    if b"\0" in content or _control_share(content) > 0.02:
        raise ReadingError("It is binary, not text.")
    try:
        return _unified(content.decode("utf-8")), ""
    except UnicodeDecodeError as error:
        bad = error
    high = sum(byte >= 0x80 for byte in content[:1_000_000])
    korean = _attempt(content, "cp949")
    if korean is not None and 2 * len(_COMMON_HANGUL.findall(content[:1_000_000])) > 0.7 * high:
        return _unified(korean), "It is not UTF-8; it was read as Korean text (CP949)."
    western = _attempt(content, "cp1252")
    if western is not None and high < 0.1 * min(len(content), 1_000_000):
        return _unified(western), "It is not UTF-8; it was read as Western European text (CP1252)."
    raise ReadingError(
        f"Its encoding is not known: byte 0x{content[bad.start]:02x} at offset {bad.start:,} is not UTF-8.",
        remedy="Save it as UTF-8.",
    )


def _attempt(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _control_share(content: bytes) -> float:
    sample = content[:65536]
    return sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in sample) / len(sample)


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
