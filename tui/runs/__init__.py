"""Runs as processes and files: started, stopped, and followed by their ledgers."""
