"""Evolution of molecules: an optimiser over molecular graphs for any score."""
