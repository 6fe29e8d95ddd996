"""`python -m benchmarks`: publish, republish, open, search and answer, as medians in one run.

Read the ratios: a busy machine moves all figures of a run together.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from evals.questions import load_questions
from ingest.corpus import publish_corpus
from pincite.answering import Assistant
from pincite.embedding import load_embedder
from pincite.generations import current_generation, folder_of
from pincite.index import VectorIndex
from pincite.library import Library, LiveLibrary
from pincite.settings import load_settings

REPEATS = 5
SIZES = (1_000, 5_000, 20_000)
"""Passages in the search of random vectors."""


def seconds(action: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def row(name: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{name:<46} {value:>10.1f} {unit}\n")


def measure_publishing(corpus: Path, data: Path) -> Assistant:
    """Publish twice, open, and return an assistant over the result."""
    embedder = load_embedder(load_settings().embedding_model)
    row("load the model", seconds(lambda: embedder.embed_query("warm up")), "s")
    row("publish, nothing in the cache", seconds(lambda: publish(corpus, data)), "s")
    row("publish again, nothing changed", seconds(lambda: publish(corpus, data)), "s")
    folder = folder_of(data, current_generation(data))
    opened = median(seconds(lambda: Library.open(folder, embedder)) for _ in range(REPEATS))
    row("open a generation", opened * 1000, "ms")
    return Assistant(LiveLibrary(data, embedder), embedder)


def publish(corpus: Path, data: Path) -> None:
    publish_corpus(corpus, data, embedder=load_embedder(load_settings().embedding_model))


def measure_answering(assistant: Assistant) -> None:
    """Ask the canned questions, first with no sentence vectors in memory, then with them."""
    asked = [(q.question, q.history) for q in load_questions()]
    found = [seconds(partial(assistant.assess, q, history=h)) for q, h in asked]
    cold = [seconds(partial(assistant.ask, q, history=h)) for q, h in asked]
    warm = [seconds(partial(assistant.ask, q, history=h)) for q, h in asked]
    row("search and gate, median of a question", median(found) * 1000, "ms")
    row("whole answer, sentences not yet in memory", median(cold) * 1000, "ms")
    row("whole answer, sentences in memory", median(warm) * 1000, "ms")


def measure_search() -> None:
    """Compare one question with every vector, at several sizes of the library."""
    random = np.random.default_rng(0)
    for size in SIZES:
        index = VectorIndex(random.normal(size=(size, 384)).astype(np.float32))
        query = random.normal(size=384).astype(np.float32)
        found = median(seconds(partial(index.similarities, query)) for _ in range(50))
        row(f"exact search of {size:,} passages", found * 1000, "ms")


def main() -> None:
    with TemporaryDirectory(prefix="pincite-bench-") as scratch:
        measure_answering(measure_publishing(load_settings().corpus, Path(scratch)))
    measure_search()


if __name__ == "__main__":
    if sys.argv[1:2] == ["page"]:
        from benchmarks.page import measure_page  # needs a browser and the tests' tools

        measure_page(sys.argv[2:])
    else:
        main()
