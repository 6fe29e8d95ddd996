"""The library as a LangChain retriever. The only module that knows its documents and retrievers."""

from threading import Lock
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, PrivateAttr, SkipValidation

from pincite.answering.assessment import check_question
from pincite.embedding import Embedder, load_embedder
from pincite.library import Library, LiveLibrary
from pincite.retrieval import Hit, Retriever
from pincite.settings import Settings


class PinciteRetriever(BaseRetriever):
    """Finds passages of the generation that is current when it is called, best first.

    It searches as an answer does, and stops there: nothing judges whether the passages answer the
    question, as `Assistant.ask` does before it shows one.
    """

    live: SkipValidation[LiveLibrary]
    embedder: SkipValidation[Embedder]
    k: int = Field(default=5, ge=1)
    """Passages at most."""

    _lock: Any = PrivateAttr(default_factory=Lock)
    _last: Retriever | None = PrivateAttr(default=None)

    def __init__(self, live: LiveLibrary, embedder: Embedder, **options: Any) -> None:  # noqa: ANN401 -- pydantic checks them
        options |= {"live": live, "embedder": embedder}
        super().__init__(**options)

    @classmethod
    def open(cls, settings: Settings, **options: Any) -> Self:  # noqa: ANN401 -- as above
        """Open the library that the settings name.

        Raises:
            LibraryMissingError, LibraryDamagedError, EmbeddingMismatchError: it cannot be read.
            ModelMissingError: the embedding model is not on this machine.
        """
        embedder = load_embedder(settings.embedding_model)
        live = LiveLibrary(settings.data, embedder)
        live.current()
        return cls(live, embedder, **options)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        """Search.

        Raises:
            QuestionError: the question is empty or too long.
        """
        check_question(query)
        searching = self._retriever()
        return [document(searching.library, hit) for hit in searching.search(query, k=self.k)]

    def _retriever(self) -> Retriever:
        library = self.live.current()
        with self._lock:
            if self._last is None or self._last.library is not library:
                self._last = Retriever(library, self.embedder)
            return self._last


def document(library: Library, hit: Hit) -> Document:
    """Return a passage with what pins it: its content is the article's text from start to end."""
    passage = hit.passage
    words = library.articles[passage.article_id].cite(passage.start, passage.end)
    return Document(
        id=passage.id,
        page_content=words.quote,
        metadata={
            "article_id": words.article_id,
            "title": words.title,
            "kind": words.kind,
            "speaker": words.speaker,
            "author": words.author,
            "date": words.date,
            "place": words.place,
            "url": words.url,
            "heading": words.heading,
            "start": words.start,
            "end": words.end,
            "score": hit.score,
            "generation": library.generation,
        },
    )
