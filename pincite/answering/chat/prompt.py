"""What a chat model is told: the files in `prompts/`, and sources as data that fit its context."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

from pincite.answering.choice import Evidence
from pincite.model import Turn, attribution
from pincite.sentences import Span, sentence_spans

ANSWER_TOKENS: Final = 1_024
"""Room for the answer at most; a quarter of the context where that is less."""
FRAME_TOKENS: Final = 64
"""What a chat template adds around the messages, and a margin."""
CHARACTERS_PER_TOKEN: Final = 3
"""Of English prose; a real tokenizer takes about four and a half, so that this errs to be safe."""

TURNS: Final = 6
"""Messages of a dialogue that a follow-up is read with."""
LONGEST_TURN: Final = 600
"""Characters that are kept of each."""

CONTROL: Final = re.compile(
    r"<[|｜][^<>\n]{0,60}?[|｜]>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|IMG|THINK)\]"
    r"|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>|</?(?:think|tool_call)>",
    re.IGNORECASE,
)
"""Tokens by which chat templates tell who is speaking; they have no business in an article."""

NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    """`system`, `user` or `assistant`."""
    text: str


def new_mark() -> str:
    """Return a code that no source can know, for the marks around what is data."""
    return secrets.token_hex(8)


def tokens_in(text: str) -> int:
    """Estimate the tokens of a text, rather too many than too few."""
    beyond_ascii = sum(not char.isascii() for char in text)
    return beyond_ascii + -(-(len(text) - beyond_ascii) // CHARACTERS_PER_TOKEN)


def answer_tokens(context: int) -> int:
    return min(ANSWER_TOKENS, context // 4)


def as_data(text: str, mark: str) -> str:
    """Return a text in which neither the mark nor a chat template's token is left."""
    while (cleaned := CONTROL.sub(" ", text).replace(mark, "")) != text:
        text = cleaned
    return text


def answer_messages(
    question: str, sources: Sequence[Evidence], *, context: int, mark: str
) -> list[Message] | None:
    """Return the prompt for an answer, or None where not one sentence fits the context.

    A source keeps its number, its place in `sources` counted from 1, also where others are left
    out. What does not fit is left out by whole sentences, those first that answer least.
    """
    system, asked = _text("system"), as_data(question, mark)
    fixed = sum(map(tokens_in, (system, _text("answer"), asked))) + FRAME_TOKENS
    written = _sources(sources, room=context - answer_tokens(context) - fixed, mark=mark)
    if not written:
        return None
    text = _template("answer").substitute(mark=mark, question=asked, sources="\n\n".join(written))
    return [Message("system", system), Message("user", text)]


def repair_messages(broken: str, fault: str) -> list[Message]:
    """Return what is added to a prompt whose answer could not be read."""
    return [
        Message("assistant", broken),
        Message("user", _template("repair").substitute(fault=fault)),
    ]


def rewrite_messages(question: str, history: Sequence[Turn], *, mark: str) -> list[Message]:
    """Return the prompt that makes a follow-up stand alone."""
    dialogue = "\n".join(
        f"{turn.role}: {as_data(' '.join(turn.text.split())[:LONGEST_TURN], mark)}"
        for turn in history[-TURNS:]
    )
    text = _template("rewrite").substitute(
        mark=mark, dialogue=dialogue, question=as_data(question, mark)
    )
    return [Message("user", text)]


def _sources(sources: Sequence[Evidence], *, room: int, mark: str) -> list[str]:
    """Return the sources that fit, each with its number, in their order."""
    kept: list[set[Span]] = [set() for _ in sources]
    for source, span in _by_relevance(sources):
        article = sources[source].article
        cost = tokens_in(as_data(article.text[slice(*span)], mark)) + 1
        if not kept[source]:
            cost += tokens_in(_source(sources[source], (), source + 1, mark)) + 1
        if cost <= room:
            kept[source].add(span)
            room -= cost
    return [
        _source(found, sorted(spans), number, mark)
        for number, (found, spans) in enumerate(zip(sources, kept, strict=True), start=1)
        if spans
    ]


def _by_relevance(sources: Sequence[Evidence]) -> list[tuple[int, Span]]:
    """Return every sentence with the index of its source, those first that answer best.

    Sentences that were not weighed, such as questions and repetitions, come last.
    """
    ranked = []
    for index, found in enumerate(sources):
        scores = dict(found.sentences)
        spans = sentence_spans(found.article.text, found.section.start, found.section.end)
        ranked += [(-scores.get(span, -1.0), index, span) for span in spans]
    return [(index, span) for _, index, span in sorted(ranked)]


def _source(found: Evidence, spans: Sequence[Span], number: int, mark: str) -> str:
    """Return one source; each sentence stands on a line of its own."""
    article = found.article
    speaker = attribution(speaker=found.section.speaker, author=article.author)

    def shown(text: str | None) -> str:
        return as_data(" ".join((text or "").split()), mark) or NOT_STATED

    return _template("source").substitute(
        number=number,
        mark=mark,
        title=shown(article.title),
        heading=shown(found.section.heading),
        speaker=shown(speaker),
        date=shown(article.date),
        place=shown(article.place),
        text="\n".join(as_data(article.text[start:end], mark) for start, end in spans),
    )


def _template(name: str) -> Template:
    return Template(_text(name))


@cache
def _text(name: str) -> str:
    return (files(__package__) / "prompts" / f"{name}.txt").read_text("utf-8").strip()
