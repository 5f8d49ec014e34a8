"""The one error tree.

::

    GedankenError                 says what is wrong, with which input, and what to do
    ├── InputError                the user's input cannot be used            (exit code 2)
    │   └── ConflictError         two inputs contradict each other
    ├── ScreenRefusal             the hazard screen refuses the goal         (exit code 4)
    ├── BudgetSpent               a limit of the run is reached              (exit code 3)
    ├── PlanRejected              the researcher said no to the plan         (exit code 3)
    ├── EngineMissing             an optional package is not installed
    ├── OfflineRefusal            the network is needed and not allowed
    ├── StorageError              a disk, folder, lock or database fails
    ├── ModelError                a chat model fails or answers nonsense
    └── ToolError                 a tool could not do what it was asked
        ├── RepairableToolError   other arguments may work: a model may correct them
        └── TerminalToolError     no arguments will help
            ├── ToolTimeout       the step's time limit
            ├── ToolOutOfMemory   the step's memory limit
            ├── ToolCancelled     somebody cancelled it
            └── WorkerCrash       the worker process died

Foreign exceptions are mapped into this tree where they enter: in the worker, the model client and the
store. What is not mapped is a defect of ours, and shows as one.
"""

from __future__ import annotations


class GedankenError(Exception):
    """Base of every error that a user may see.

    Args:
        message: What is wrong, naming the input.
        remedy: What the user can do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(GedankenError):
    """The user's input cannot be used as it is."""

    exit_code = 2


class ConflictError(InputError):
    """Two inputs contradict each other."""


class ScreenRefusal(GedankenError):
    """The hazard screen refuses the goal."""

    exit_code = 4


class BudgetSpent(GedankenError):
    """A limit of the run (time, tool calls, tokens, cost) is reached."""

    exit_code = 3


class PlanRejected(GedankenError):
    """The researcher said no to the plan."""

    exit_code = 3


class EngineMissing(GedankenError):
    """An optional package that this feature needs is not installed."""


class OfflineRefusal(GedankenError):
    """The network is needed, and offline mode forbids it."""


class StorageError(GedankenError):
    """A disk, folder, lock or database fails."""


class ModelError(GedankenError):
    """A chat model fails, or answers something that cannot be used."""


class ToolError(GedankenError):
    """A tool could not do what it was asked."""

    repairable = False


class RepairableToolError(ToolError):
    """Other arguments may work: the message says which argument, and what it should be."""

    repairable = True


class TerminalToolError(ToolError):
    """No other arguments will help."""


class ToolTimeout(TerminalToolError):
    """The step's time limit was reached and its worker was stopped."""


class ToolOutOfMemory(TerminalToolError):
    """The step's memory limit was reached and its worker was stopped."""


class ToolCancelled(TerminalToolError):
    """Somebody cancelled the step."""


class WorkerCrash(TerminalToolError):
    """The worker process died under the step."""
