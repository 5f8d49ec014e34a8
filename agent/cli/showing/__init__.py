"""What a person sees of a run, a batch or an ingestion: while it happens, and how it ended."""
