"""Robots: a neutral protocol, checks of its volumes, deck and tips, scripts of vendors, and their simulators.

Importing the room loads no robot software.
"""

from agent.tools.robots.records import Protocol
from agent.tools.robots.tools import read_protocol, simulate_protocol, write_protocol

__all__ = ["Protocol", "read_protocol", "simulate_protocol", "write_protocol"]
