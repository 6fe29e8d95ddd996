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
