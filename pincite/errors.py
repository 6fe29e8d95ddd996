"""What can go wrong, grouped by what the user does next.

PinciteError
├── SettingsError          correct the setting that is named
├── QuestionError          ask a shorter or a non-empty question
├── CorpusError            point at a folder that holds articles
├── RemovalsError          confirm with --allow-removals
├── SourceError            mend one source file (the run goes on without it)
├── UnknownArticleError    look the id up with `python -m ingest status`
├── LibraryBusyError       wait for the other writer
├── LibraryMissingError    publish for the first time
├── LibraryDamagedError    roll back, or publish again
├── EmbeddingMismatchError publish again with the model that is set
├── ModelMissingError      install or name an embedding model that is on this machine
├── McpMissingError        install the extra `mcp`
└── ChatModelError         read the quotes instead; whoever runs Pincite mends what is named
    ├── ChatModelAccessError    its service refuses the key
    ├── ChatModelUnknownError   its service has no such model
    ├── ChatModelBusyError      too many requests, or nothing left to spend
    ├── ChatModelDownError      unreachable, broken off, or an error of its own
    ├── ChatModelTimeoutError   it stalled or took too long
    ├── ChatModelOverflowError  the request is longer than its context
    ├── ChatModelRefusedError   its service calls the request invalid
    ├── ChatModelFileError      its file cannot be loaded
    └── ChatModelOutputError    what it wrote cannot be read
"""

from pathlib import Path


class PinciteError(Exception):
    """A failure that its reader can mend; the message says how."""

    exit_code = 1


class SettingsError(PinciteError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(PinciteError):
    """The question is empty or too long."""


class CorpusError(PinciteError):
    """The corpus folder is missing or holds no source; nothing was changed."""


class RemovalsError(PinciteError):
    """The run would remove more than half of what is published."""

    def __init__(self, *, removed: int, published: int) -> None:
        super().__init__(
            f"This run would remove {removed} of {published} published articles, so nothing was "
            "changed. If that is meant, run again with --allow-removals"
        )


class SourceError(PinciteError):
    """One source cannot be used; the message is the reason in the ingest report."""


class UnknownArticleError(PinciteError):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"No published article has the id {article_id!r}. "
            "List the ids with: python -m ingest status"
        )


class LibraryBusyError(PinciteError):
    """Another process is publishing."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h: try again later

    def __init__(self, directory: Path, *, holder: str) -> None:
        super().__init__(
            f"The library in {directory} is in use by {holder}. Nothing was changed; "
            "run again when it has finished"
        )


class LibraryMissingError(PinciteError):
    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"There is no published library in {directory}. Build it with: python -m ingest"
        )


class LibraryDamagedError(PinciteError):
    def __init__(self, directory: Path, *, fault: str) -> None:
        super().__init__(
            f"The library in {directory} is damaged: {fault}. Go back to the previous generation "
            "with: python -m ingest rollback; or build a new one with: python -m ingest --rebuild"
        )


class EmbeddingMismatchError(PinciteError):
    def __init__(self, directory: Path, *, built_with: str, asked_for: str) -> None:
        super().__init__(
            f"The library in {directory} was built with {built_with}, but the settings ask for "
            f"{asked_for}. Build it again with: python -m ingest"
        )


class ModelMissingError(PinciteError):
    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            f"The embedding model {name!r} cannot be loaded: {reason}. Set PINCITE_EMBEDDING_MODEL "
            "to a folder that holds a sentence-transformers model, or unset it to use the one "
            "that is installed with Pincite"
        )


class McpMissingError(PinciteError):
    def __init__(self) -> None:
        super().__init__(
            "Serving MCP needs a package that is not installed. In .venv, run: "
            "python -m pip install -e '.[mcp]'"
        )


class ChatModelError(PinciteError):
    """The chat model gave no answer, or broke one off.

    The message names the model and nothing else of the request: what a service says may repeat the
    question or parts of a key.
    """

    says = "failed for a reason of its own"

    def __init__(self, model: str) -> None:
        super().__init__(f"The chat model {model} {self.says}")


class ChatModelAccessError(ChatModelError):
    says = (
        "was not allowed to answer: its service refuses the key. Set PINCITE_CHAT_API_KEY to one "
        "that may use this model"
    )


class ChatModelUnknownError(ChatModelError):
    says = (
        "is not known to its service. Correct PINCITE_CHAT_MODEL, or the address in "
        "PINCITE_CHAT_BASE_URL, which usually ends in /v1"
    )


class ChatModelBusyError(ChatModelError):
    says = (
        "takes no more requests for now: there were too many, or the account has nothing left. "
        "Ask again in a minute"
    )


class ChatModelDownError(ChatModelError):
    says = (
        "cannot be reached or broke off its answer. See whether its server runs and whether "
        "PINCITE_CHAT_BASE_URL is its address"
    )


class ChatModelTimeoutError(ChatModelError):
    says = "was cut off because it took too long. PINCITE_CHAT_TIMEOUT says how long it may stall"


class ChatModelOverflowError(ChatModelError):
    says = (
        "cannot take in so much text at once. Set PINCITE_CHAT_CONTEXT to the number of tokens "
        "that it can read"
    )


class ChatModelRefusedError(ChatModelError):
    says = "calls the request invalid. See whether it is a model for chats"


class ChatModelFileError(ChatModelError):
    says = (
        "cannot be loaded: its file is damaged, of a kind that llama.cpp does not know, or needs "
        "more memory than there is. Set PINCITE_CHAT_MODEL=gguf:PATH to another one"
    )


class ChatModelOutputError(ChatModelError):
    says = "wrote nothing that could be read as an answer"
