"""Answering: stand-alone question, gate, evidence, writer, verifier."""

from pincite.answering.assistant import Assessment, Assistant, Trace
from pincite.answering.contract import answer_as_json, history_from_json

__all__ = ["Assessment", "Assistant", "Trace", "answer_as_json", "history_from_json"]
