"""Which connectors there are, and how a reference such as ``arxiv:2101.00001`` is answered."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.connectors.polite import Network, Polite
from knowledge.errors import ConnectorError
from knowledge.records import Parsed


@dataclass(frozen=True)
class Connector:
    """One public database.

    Attributes:
        name: The word before the colon.
        base: Its address.
        interval: Seconds between two requests, as the service asks.
        module: Where its function is; the function has the connector's name.
        example: References that it answers.
        needs_key: Whether it answers only with a key.
        search: A second address, of its search service.
    """

    name: str
    base: str
    interval: float
    module: str
    example: str
    needs_key: bool = False
    search: str = ""


_ALL = (
    Connector("openalex", "https://api.openalex.org", 0.2, "scholarly", 'openalex:W2741809807, openalex:"query"'),
    Connector("crossref", "https://api.crossref.org", 0.2, "scholarly", 'crossref:10.1000/xyz, crossref:"query"'),
    Connector("arxiv", "https://export.arxiv.org", 3.0, "scholarly", 'arxiv:2101.00001, arxiv:"query"'),
    Connector("semanticscholar", "https://api.semanticscholar.org", 1.1, "scholarly", 'semanticscholar:"query"'),
    Connector("pubmed", "https://eutils.ncbi.nlm.nih.gov", 0.4, "medline", 'pubmed:33000001, pubmed:"query"'),
    Connector("pmc", "https://eutils.ncbi.nlm.nih.gov", 0.4, "medline", 'pmc:PMC7000001, pmc:"query"'),
    Connector("uniprot", "https://rest.uniprot.org", 0.3, "molecules", 'uniprot:P69905, uniprot:"query"'),
    Connector("pubchem", "https://pubchem.ncbi.nlm.nih.gov", 0.25, "molecules", "pubchem:aspirin, pubchem:2244"),
    Connector("chembl", "https://www.ebi.ac.uk", 0.3, "molecules", 'chembl:CHEMBL25, chembl:"query"'),
    Connector(
        "pdb", "https://data.rcsb.org", 0.2, "structures", 'pdb:4HHB, pdb:"query"', search="https://search.rcsb.org"
    ),
    Connector("mp", "https://api.materialsproject.org", 0.2, "structures", "mp:mp-149, mp:TiO2", needs_key=True),
    Connector("cod", "https://www.crystallography.net", 1.0, "structures", 'cod:1000041, cod:"query"'),
)
CONNECTORS = {connector.name: connector for connector in _ALL}
"""The connectors by name."""


def split_reference(text: str) -> tuple[str, str] | None:
    """A connector's name and what is asked of it; ``None`` where the text names no connector."""
    name, colon, rest = text.partition(":")
    asked = rest.strip().strip('"').strip()
    return (name.lower(), asked) if colon and name.lower() in CONNECTORS and asked else None


def fetch(
    reference: str, network: Network, *, limit: int = 50, on_wait: Callable[[str], None] | None = None
) -> Iterator[tuple[str, Parsed]]:
    """Fetch the records that a reference names, one after another.

    Args:
        reference: Such as ``crossref:10.1000/xyz`` or ``openalex:"query"``.
        network: How the network may be used.
        limit: How many records of a query at most.
        on_wait: Called with a sentence before a long wait.

    Yields:
        Names (``connector:identifier``) and documents, for `knowledge.add_documents`.

    Raises:
        ConnectorError: The reference names no connector, a key is missing, or the service does not answer.
    """
    split = split_reference(reference)
    if split is None:
        raise ConnectorError(
            f"'{reference}' names no connector.", remedy=f'Known: {", ".join(CONNECTORS)}; as in openalex:"query".'
        )
    name, asked = split
    connector = CONNECTORS[name]
    if connector.needs_key and not network.keys.get(name):
        raise ConnectorError(
            f"{name} answers only with a key, and none is set.",
            remedy="Make one in your account there and set it in `connector_keys`.",
        )
    function = getattr(importlib.import_module(f"knowledge.connectors.{connector.module}"), name)
    found = 0
    with Polite(name, connector.base, connector.interval, network, on_wait) as service:
        for key, parsed in function(asked, service, limit):
            found += 1
            yield f"{name}:{key}", parsed
            if found >= limit:
                break
    if not found:
        raise ConnectorError(f"{name} has nothing for '{asked}'.", remedy="Try other words.")
