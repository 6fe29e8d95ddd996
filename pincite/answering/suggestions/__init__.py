"""Suggestions: questions that the library itself asks, and that it can answer."""

from pincite.answering.suggestions.questions import LibraryQuestion
from pincite.answering.suggestions.suggester import Suggestions
from pincite.answering.suggestions.topics import Topic

__all__ = ["LibraryQuestion", "Suggestions", "Topic"]
