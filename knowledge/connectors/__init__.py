"""Connectors: public databases, asked only when somebody asks for them.

::

    from knowledge import add_documents, open_store
    from knowledge.connectors import Network, fetch

    network = Network(cache="cache/http", contact="lab@example.org")
    add_documents(fetch("openalex:selective COX-2 inhibitors", network, limit=20), open_store("literature"))

Nothing else in the package reaches a network. All requests go through one polite layer (`knowledge.connectors.polite`);
records become documents that say where they come from, when they were fetched and under which terms.
"""

from knowledge.connectors.polite import Network
from knowledge.connectors.registry import CONNECTORS, Connector, fetch, split_reference

__all__ = ["CONNECTORS", "Connector", "Network", "fetch", "split_reference"]
