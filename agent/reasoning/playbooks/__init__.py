"""The playbooks: written procedures, one for each kind of goal."""

from agent.reasoning.playbooks.base import Filling, Playbook, StepWriter
from agent.reasoning.playbooks.checks import PlanInvalid, check_plan
from agent.reasoning.playbooks.crystal_screening import CrystalScreening
from agent.reasoning.playbooks.interpret import interpret_goal
from agent.reasoning.playbooks.molecule_design import MoleculeDesign
from agent.reasoning.playbooks.registry import PLAYBOOKS, playbook_named
from agent.reasoning.playbooks.sequence_analysis import SequenceAnalysis

__all__ = [
    "PLAYBOOKS",
    "CrystalScreening",
    "Filling",
    "MoleculeDesign",
    "PlanInvalid",
    "Playbook",
    "SequenceAnalysis",
    "StepWriter",
    "check_plan",
    "interpret_goal",
    "playbook_named",
]
