"""Whether what a model claims stands in the articles, and is about the words it quotes."""
