"""Pincite: answers from a library of advice articles, pinned to the words that support them."""
