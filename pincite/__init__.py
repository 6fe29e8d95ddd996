"""Pincite: answers from a library of advice articles, pinned to the exact words that support them."""
