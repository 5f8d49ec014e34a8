"""Which playbooks there are."""

from __future__ import annotations

from agent.errors import InputError
from agent.reasoning.playbooks.activity_analysis import ActivityAnalysis
from agent.reasoning.playbooks.base import Playbook
from agent.reasoning.playbooks.crystal_screening import CrystalScreening
from agent.reasoning.playbooks.experiment_planning import ExperimentPlanning
from agent.reasoning.playbooks.formulation import Formulation
from agent.reasoning.playbooks.literature_review import LiteratureReview
from agent.reasoning.playbooks.molecule_design import MoleculeDesign
from agent.reasoning.playbooks.molecule_set import MoleculeSet
from agent.reasoning.playbooks.next_rows import NextRows
from agent.reasoning.playbooks.sequence_analysis import SequenceAnalysis
from agent.reasoning.playbooks.table_analysis import TableAnalysis

PLAYBOOKS: tuple[Playbook, ...] = (
    MoleculeDesign(),
    CrystalScreening(),
    SequenceAnalysis(),
    Formulation(),
    ActivityAnalysis(),
    MoleculeSet(),
    TableAnalysis(),
    NextRows(),
    LiteratureReview(),
    ExperimentPlanning(),
)
"""Every playbook, in the order in which a question lists them."""


def playbook_named(name: str) -> Playbook:
    """The playbook of that name.

    Raises:
        InputError: There is none.
    """
    for playbook in PLAYBOOKS:
        if playbook.name == name:
            return playbook
    names = ", ".join(playbook.name for playbook in PLAYBOOKS)
    raise InputError(f"There is no playbook '{name}'.", remedy=f"There are: {names}.")
