"""Answering: stand-alone question, gate, evidence, writer, verifier."""

from pincite.answering.assistant import Assessment, Assistant
from pincite.answering.contract import answer_as_json, history_from_json

__all__ = ["Assessment", "Assistant", "answer_as_json", "history_from_json"]
