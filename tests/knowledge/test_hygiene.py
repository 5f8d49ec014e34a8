"""What the store loads, and what it never touches: the network and other rooms' libraries."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

OFFLINE = """
import socket, sys
from pathlib import Path

def refuse(*arguments, **named):
    raise SystemExit("a socket was opened")

class Refusing(socket.socket):
    def __init__(self, family=socket.AF_INET, *rest, **named):
        if family != socket.AF_UNIX:
            refuse()
        super().__init__(family, *rest, **named)

socket.socket = Refusing
socket.create_connection = socket.getaddrinfo = refuse
from knowledge import ingest, open_store
store = open_store(sys.argv[1])
print(ingest([sys.argv[2]], store).count("added"), len(store.search("celecoxib solubility")))
"""


def python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "('chromadb', 'onnxruntime', 'numpy', 'tokenizers', 'pypdfium2', 'sqlite3', 'filelock')"
    assert python(f"import sys, knowledge; dir(knowledge); print([m for m in {heavy} if m in sys.modules])") == "[]"


def test_searching_loads_no_database(tmp_path: Path, papers: Path) -> None:
    path = str(tmp_path / "lab")
    python("import sys; from knowledge import *; ingest([sys.argv[2]], open_store(sys.argv[1]))", path, str(papers))
    code = (
        "import sys; from knowledge import open_store;"
        "hits = open_store(sys.argv[1], readonly=True).search('band gap');"
        "print(len(hits) > 0, 'chromadb' in sys.modules, 'torch' in sys.modules)"
    )
    assert python(code, path) == "True False False"


def test_ingesting_and_searching_open_no_socket(tmp_path: Path, papers: Path) -> None:
    assert python(OFFLINE, str(tmp_path / "lab"), str(papers)).split()[0] == "3"


def test_chromadb_is_imported_in_one_place_and_agents_nowhere() -> None:
    for path in (ROOT / "knowledge").rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
        assert ("chromadb" in imported) <= (path.name == "database.py"), path
        assert not imported & {"agent", "tui", "evals"}, path


def test_every_public_name_is_there() -> None:
    import knowledge

    for name in knowledge.__all__:
        assert getattr(knowledge, name) is not None
    assert set(knowledge.__all__) <= set(dir(knowledge))
