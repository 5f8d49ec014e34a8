"""Records as text for the terminal: pure functions, records in, `Content` out."""
