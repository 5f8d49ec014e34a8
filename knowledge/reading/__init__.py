"""Reading files as documents: pages of plain text with metadata, whatever the format.

`read_document` decides by content what a file is, reads it, and either returns a `knowledge.records.Parsed` or raises
one `knowledge.errors.ReadingError` that says why not. Everything but plain text and Markdown is parsed by
`knowledge.reading.worker`, each file in a process of its own with time and memory limits. `knowledge.reading.sources`
adds what is more than one file: folders, zip archives, and bibliographies that describe the files beside them.
"""

from knowledge.reading.files import SUFFIXES, find_files, read_document
from knowledge.reading.limits import ReadingLimits

__all__ = ["SUFFIXES", "ReadingLimits", "find_files", "read_document"]
