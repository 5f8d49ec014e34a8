"""How anything reaches the disk: files, append-only lists of lines, and the files of a bundle named by content."""
