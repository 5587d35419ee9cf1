"""Sentence vectors: all-MiniLM-L6-v2, int8, over ONNX Runtime."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hireflow_voice.errors import ModelMissing

Vectors = NDArray[np.float32]

SIZE = 384
_MAX_TOKENS = 256
_KEPT = 4096
"""Vectors remembered: an answer that grows is mostly text seen before."""
_WORDS_KEPT = 256
"""Texts whose words' vectors are remembered: those of the rubrics at hand."""


class Embedder:
    """Text -> unit vectors. Not thread-safe: one embedder a thread. Raises ModelMissing."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        for path in (model, tokenizer):
            if not path.is_file():
                raise ModelMissing(
                    f"The sentence embedder is not there ({path.name} is missing).", "Fetch the models again."
                )
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads starve Whisper on two cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as broken:  # both libraries raise bare Exception subclasses of their own
            raise ModelMissing("The sentence embedder's files cannot be read.", "Fetch the models again.") from broken
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._words: OrderedDict[str, Vectors] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), 384).

        One text at a time: int8 activations are scaled over the whole batch, so a text's vector would otherwise depend
        on its neighbours, and could not be remembered.
        """
        if not texts:
            return np.zeros((0, SIZE), np.float32)
        return np.stack([self._one(text) for text in texts])

    def words(self, text: str) -> Vectors:
        """A unit vector for every word of `text` (split at blanks), as it is meant there: shape (words, 384).

        Words beyond what the model reads at once (some 180) get a zero vector.
        """
        known = self._words.get(text)
        if known is not None:
            return known
        encoded = self._tokenizer.encode(text)
        hidden = self._hidden(encoded.ids)
        words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
        vectors = np.zeros((len(words), SIZE), np.float32)
        at = 0
        for (start, end), state in zip(encoded.offsets, hidden, strict=True):
            if end <= start:  # the marks at the beginning and the end
                continue
            while words[at][1] <= start:
                at += 1
            vectors[at] += state
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        self._words[text] = vectors
        if len(self._words) > _WORDS_KEPT:
            self._words.popitem(last=False)
        return vectors

    def _one(self, text: str) -> Vectors:
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        mean = self._hidden(self._tokenizer.encode(text).ids).mean(axis=0)  # no padding: the masked mean
        vector = np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
        self._known[text] = vector
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return vector

    def _hidden(self, tokens: Sequence[int]) -> Vectors:
        """The model's last states, shape (tokens, 384)."""
        ids = np.asarray([tokens], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return np.asarray(self._session.run(None, feed)[0][0], np.float32)
