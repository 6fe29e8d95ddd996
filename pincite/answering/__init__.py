"""Answering: stand-alone question, gate, evidence, writer, verifier."""

from pincite.answering.assessment import Assessment
from pincite.answering.assistant import Assistant, Trace, assistant_of
from pincite.answering.contract import answer_as_json, history_from_json

__all__ = [
    "Assessment",
    "Assistant",
    "Trace",
    "answer_as_json",
    "assistant_of",
    "history_from_json",
]
