"""Sections to passages: whole sentences that fit the model's window with their context."""

from collections.abc import Callable, Iterator, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter

from pincite.model import Article, Passage, Section
from pincite.sentences import Span, sentence_spans

CountTokens = Callable[[Sequence[str]], list[int]]

CONTEXT_SHARE = 0.5
"""Most of the window that title and heading may take; a title of a page's length is cut to it."""


def passages_of(article: Article, *, max_tokens: int, count_tokens: CountTokens) -> list[Passage]:
    """Cut an article into passages; every sentence of every section lies in exactly one."""
    limit = int(max_tokens * CONTEXT_SHARE)
    return [
        Passage(article_id=article.id, section=number, start=span[0], end=span[1], context=context)
        for number, section in enumerate(article.sections)
        for context in [_context(article, section, limit=limit, count_tokens=count_tokens)]
        for span in _packed(
            article.text,
            section,
            budget=max_tokens - count_tokens([context])[0],
            count_tokens=count_tokens,
        )
    ]


def _context(article: Article, section: Section, *, limit: int, count_tokens: CountTokens) -> str:
    """Join the title and what the section is about, cut to the limit."""
    about = asked_in(article) if article.kind == "thread" else section.heading
    lines = dict.fromkeys(line for line in (article.title, about) if line)
    context = "\n".join(lines)
    while count_tokens([context])[0] > limit:
        context = context[: len(context) // 2]
    return context


def asked_in(article: Article) -> str:
    """Return the last question of a thread's opening post, or "": what its responses answer."""
    sentences = [
        article.text[start:end]
        for section in article.sections
        if section.is_question
        for start, end in sentence_spans(article.text, section.start, section.end)
    ]
    return next((s for s in reversed(sentences) if s.endswith("?")), "")


def _packed(
    text: str, section: Section, *, budget: int, count_tokens: CountTokens
) -> Iterator[Span]:
    """Join neighbouring sentences as long as they fit the budget."""
    spans = sentence_spans(text, section.start, section.end)
    if not spans:
        return
    sizes = count_tokens([text[start:end] for start, end in spans])
    fitting = [
        piece
        for span, size in zip(spans, sizes, strict=True)
        for piece in ([span] if size <= budget else _split(text, span, budget, count_tokens))
    ]
    # A sentence brings along what stands between it and the one before, a list marker perhaps.
    since = [fitting[0][0], *(end for _, end in fitting[:-1])]
    sizes = count_tokens([text[a:end] for a, (_, end) in zip(since, fitting, strict=True)])
    (first, last), used = fitting[0], sizes[0]
    for (start, end), size in zip(fitting[1:], sizes[1:], strict=True):
        if used + size > budget:
            yield first, last
            first, used = start, 0
        last, used = end, used + size
    yield first, last


def _split(text: str, span: Span, budget: int, count_tokens: CountTokens) -> list[Span]:
    """Cut a sentence that is longer than the window, at clauses if it has any."""
    splitter = RecursiveCharacterTextSplitter(
        separators=["; ", ", ", " ", ""],
        chunk_size=budget,
        chunk_overlap=0,
        length_function=lambda piece: max(1, count_tokens([piece])[0]),
    )
    spans, cursor = [], span[0]
    for piece in splitter.split_text(text[span[0] : span[1]]):
        start = text.find(piece, cursor, span[1])
        if start >= 0:  # a piece without any token is given twice
            cursor = start + len(piece)
            spans.append((start, cursor))
    return spans
