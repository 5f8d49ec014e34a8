"""Other programs that suites are compared with, each run by an interpreter of its own that has it installed."""
