from __future__ import annotations

from pathlib import Path

import pytest
from support.faces import Lab
from support.sample_run import make_run


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def finished(lab: Lab) -> Path:
    """A finished run with one of everything."""
    folder, _, _ = make_run(lab.out)
    return folder
