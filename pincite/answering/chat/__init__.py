"""The writer that asks a chat model, and everything between it and the model."""
