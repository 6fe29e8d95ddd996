"""All settings, typed and frozen, read once at an entry point and passed down as values."""

import os
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pincite.errors import SettingsError

PREFIX = "PINCITE_"
ENV_FILE = Path(".env")


class Settings(BaseSettings):
    """What a person may set, by environment (`PINCITE_...`) or `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True
    )

    data: Path = Field(default=Path("var/library"), description="Folder of the published library.")
    corpus: Path = Field(default=Path("corpus"), description="Folder of the articles' sources.")
    host: str = Field(
        default="127.0.0.1", description="Address that the page listens on; this machine only."
    )
    port: int = Field(default=7860, ge=1, le=65535, description="Port of the page.")
    embedding_model: str = Field(
        default="all-MiniLM-L6-v2",
        description="A folder with a sentence-transformers model, its name in the local cache, "
        "or `hashing` for the embedder without weights.",
    )
    reranker: str | None = Field(
        default=None,
        description="A cross-encoder that reads the best passages again: a folder, or its name in "
        "the local cache. Slower, and not better with every model: measure it with `evals bench`.",
    )
    editor_password: SecretStr | None = Field(
        default=None,
        description="Opens the page `/editor`, where articles are added, corrected and withdrawn; "
        "without it there is no such page.",
    )
    inbox: bool = Field(
        default=False,
        description="Readers may send an answer or a refused question to the editors, one at a "
        "time, after seeing the exact text.",
    )
    contact: str | None = Field(
        default=None,
        max_length=200,
        description="Whom readers may ask when the library has no answer, such as `Career "
        "counselling, careers@firm.example`; named in refusals.",
    )
    chat_model: str | None = Field(
        default=None,
        description="Writes the answers: `provider:model`, or `gguf:PATH` for a model file on this "
        "machine; without it they are made of quotes and no model is asked.",
    )
    chat_base_url: str | None = Field(
        default=None,
        description="Address of the chat model's server, with its `/v1`; any server that speaks "
        "OpenAI's protocol.",
    )
    chat_api_key: SecretStr | None = Field(
        default=None, description="Key for the chat model's service."
    )
    chat_timeout: float = Field(
        default=60,
        gt=0,
        le=3600,
        description="Seconds that a chat model may be silent, before its first word or between "
        "two; an answer may take three times as long.",
    )
    chat_context: int = Field(
        default=8192, ge=1024, description="Tokens that the chat model can take in and write."
    )
    api_token: SecretStr | None = Field(
        default=None,
        description="Opens `/v1/chat/completions` to programs that send it; without it there is "
        "no such address.",
    )


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a `PINCITE_` name is unknown, or a value cannot be used.
    """
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    given = {*os.environ, *dotenv_values(ENV_FILE)}
    for name in sorted(n for n in given if n.upper().startswith(PREFIX)):
        if name.upper() not in known:
            nearest = get_close_matches(name.upper(), known, n=1, cutoff=0)
            raise SettingsError(f"There is no setting {name}; did you mean {nearest[0]}?")
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()
        )
        raise SettingsError(f"Correct these settings: {faults}") from error
