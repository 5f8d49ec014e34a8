"""Reading files as documents: text, Markdown, HTML, PDF and DOCX become pages of plain text with metadata.

`read_document` decides by content what a file is, reads it, and either returns a `knowledge.records.Parsed` or raises
one `knowledge.errors.ReadingError` that says why not. Formats whose parsers can be attacked (PDF, DOCX) are read by
`knowledge.reading.worker` in a process with time and memory limits.
"""

from knowledge.reading.files import SUFFIXES, find_files, read_document
from knowledge.reading.limits import ReadingLimits

__all__ = ["SUFFIXES", "ReadingLimits", "find_files", "read_document"]
