"""The views: each a list of one kind of record, and the details of what is chosen in it."""
