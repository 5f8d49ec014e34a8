"""What may be typed: the commands with their words, options and help. Nothing here loads more than the parser."""
