"""The library as a LangChain retriever: passages with what pins them, always of today's library."""

import asyncio
import subprocess
import sys

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from ingest.corpus import publish_corpus
from pincite.errors import LibraryMissingError, QuestionError
from pincite.langchain_retriever import PinciteRetriever
from pincite.library import LiveLibrary
from pincite.retrieval import Retriever
from pincite.settings import Settings
from tests.conftest import ROOT, write_corpus
from tests.interfaces_page import run_example

QUESTION = "How long is the notice period?"
METADATA = {
    *("article_id", "title", "kind", "speaker", "author", "date", "place", "url", "heading"),
    *("start", "end", "score", "generation"),
}
GARDENING = """\
---
title: Gardening leave
kind: guide
---

During gardening leave the firm pays you to stay away from its clients and from your new firm.
"""


@pytest.fixture
def live(data, embedder) -> LiveLibrary:
    return LiveLibrary(data, embedder)


@pytest.fixture
def retriever(live, embedder) -> PinciteRetriever:
    return PinciteRetriever(live, embedder, k=3)


def test_a_document_is_the_words_of_its_article(retriever, live):
    articles = live.current().articles
    found = retriever.invoke(QUESTION)
    assert len(found) == 3
    for document in found:
        at = document.metadata
        assert articles[at["article_id"]].text[at["start"] : at["end"]] == document.page_content


def test_a_document_says_where_it_stands_and_who_speaks(retriever):
    best = retriever.invoke(QUESTION)[0]
    assert best.page_content.startswith("Three months is usual")
    assert best.metadata.keys() == METADATA
    assert best.metadata | {"score": 0, "start": 0, "end": 0} == {
        "article_id": "notice",
        "title": "Handing in your notice",
        "kind": "guide",
        "speaker": "counsellor",
        "author": "Jo Marsh",
        "date": "2024-05",
        "place": "UK",
        "url": "https://example.org/notice",
        "heading": "How long is the notice period?",
        "start": 0,
        "end": 0,
        "score": 0,
        "generation": 1,
    }


def test_documents_come_as_the_search_ranks_them(retriever, live, embedder):
    hits = Retriever(live.current(), embedder).search(QUESTION, k=3)
    found = retriever.invoke(QUESTION)
    assert [d.id for d in found] == [hit.passage.id for hit in hits]
    assert [d.metadata["score"] for d in found] == [hit.score for hit in hits]


def test_it_is_called_in_every_way_that_langchain_has(retriever):
    found = retriever.invoke(QUESTION)
    assert asyncio.run(retriever.ainvoke(QUESTION)) == found
    assert retriever.batch([QUESTION, "secondment"])[0] == found
    assert asyncio.run(retriever.abatch([QUESTION])) == [found]


def test_it_stands_in_a_chain(retriever):
    def quoted(found: list[Document]) -> str:
        return f"“{found[0].page_content}”"

    chain = {"sources": retriever | RunnableLambda(quoted), "question": RunnablePassthrough()} | (
        RunnableLambda(lambda given: f"{given['question']} {given['sources']}")
    )
    assert chain.invoke(QUESTION).startswith(f"{QUESTION} “Three months is usual")


def test_what_is_published_is_found_at_the_next_call(retriever, corpus, data, embedder):
    before = retriever.invoke("What is gardening leave?")
    write_corpus(corpus, {"gardening.md": GARDENING})
    publish_corpus(corpus, data, embedder=embedder)
    after = retriever.invoke("What is gardening leave?")
    assert {d.metadata["generation"] for d in before} == {1}
    assert {d.metadata["generation"] for d in after} == {2}
    assert after[0].metadata["title"] == "Gardening leave"


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        pytest.param(" ", "Please type a question", id="empty"),
        pytest.param("x" * 2001, "has 2,001 characters; shorten it", id="too-long"),
    ],
)
def test_what_is_no_question_is_refused_as_everywhere(retriever, question, complaint):
    with pytest.raises(QuestionError, match=complaint):
        retriever.invoke(question)


def test_it_is_opened_by_the_settings(data):
    opened = PinciteRetriever.open(Settings(data=data, embedding_model="hashing"), k=1, tags=["a"])
    assert len(opened.invoke(QUESTION)) == 1
    assert opened.tags == ["a"]


def test_without_a_library_opening_says_how_to_build_one(tmp_path):
    with pytest.raises(LibraryMissingError, match="Build it with: python -m ingest"):
        PinciteRetriever.open(Settings(data=tmp_path, embedding_model="hashing"))


def test_no_passage_is_no_number_of_passages(live, embedder):
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        PinciteRetriever(live, embedder, k=0)


def test_the_example_in_the_docs_runs(data):
    shown = run_example("LangChain", data)
    assert "(Secondments to a client)" in shown


def test_nobody_loads_it_who_does_not_ask_for_it():
    program = (
        "import sys, app, pincite.__main__, ingest.__main__, evals.__main__;"
        "modules = ('pincite.langchain_retriever', 'pincite.mcp_server', 'openai');"
        "print([name for name in modules if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
