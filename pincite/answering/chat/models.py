"""Which model answers: `openai:gpt-5`, `gguf:PATH` and so on, opened through LangChain."""

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pincite.answering.chat.connection import ChatConnection, Stop, silence
from pincite.answering.chat.local import LocalServer
from pincite.answering.chat.modes import langchain_told, llama_told, openai_told
from pincite.answering.chat.prompt import answer_tokens
from pincite.errors import SettingsError
from pincite.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

GGUF: Final = "gguf"
THIS_MACHINE: Final = "this machine"
"""Who receives what a model file is asked."""
MAGIC: Final = b"GGUF"
"""What a model file of llama.cpp begins with."""

SERVICES: Final[Mapping[str, str]] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "ollama": "http://127.0.0.1:11434",
}
"""Where a provider's requests go. Always said, so that no variable in the environment sends them
elsewhere than the page says."""

EXTRAS: Final[Mapping[str, str]] = {"anthropic": "anthropic", "ollama": "ollama"}
"""Providers whose package is an extra of ours."""

NO_KEY: Final = "none"
"""Sent where a server of one's own asks for no key: never a key meant for another service."""

RETRIES: Final = 1


def connect(settings: Settings) -> tuple[ChatConnection, str] | None:
    """Return the connection to the model that is set, and who receives what it is asked.

    Raises:
        SettingsError: there is no such model, file or package.
    """
    if not settings.chat_model:
        return None
    provider, _, model = settings.chat_model.partition(":")
    if not model:
        raise SettingsError(
            f"PINCITE_CHAT_MODEL={settings.chat_model} names no provider; write it as "
            "provider:model, such as openai:gpt-5, ollama:llama3.2 or gguf:PATH"
        )
    silence()
    if provider == GGUF:
        return _local(Path(model), settings), THIS_MACHINE
    return _hosted(provider, model, settings)


def _local(path: Path, settings: Settings) -> ChatConnection:
    if find_spec("xllamacpp") is None:
        raise SettingsError(_lacks(f"{GGUF}:", "local"))
    try:
        with path.open("rb") as file:
            is_model = file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise SettingsError(f"The chat model {path} cannot be read: {error.strerror}") from error
    if not is_model:
        raise SettingsError(f"The chat model {path} is no GGUF file")
    name = f"{GGUF}:{path.name}"
    server = LocalServer(
        path, name=name, context=settings.chat_context, timeout=settings.chat_timeout
    )

    @lru_cache(maxsize=1)
    def at(address: str, key: str) -> "BaseChatModel":
        return _opened("openai", name, settings, address=f"{address}/v1", key=key)

    def opened(stop: Stop) -> "BaseChatModel":
        return at(*server.running(stop))

    return ChatConnection(
        opened,
        name=name,
        timeout=settings.chat_timeout,
        told=llama_told,
        on_close=server.stop,
    )


def _hosted(provider: str, model: str, settings: Settings) -> tuple[ChatConnection, str]:
    address = settings.chat_base_url or SERVICES.get(provider)
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    if settings.chat_base_url and not key:
        key = NO_KEY
    opened = _opened(provider, model, settings, address=address, key=key)
    host = urlsplit(address).hostname if address else None
    name = f"{provider}:{model}"
    return (
        ChatConnection(
            lambda stop: opened,
            name=name,
            timeout=settings.chat_timeout,
            told=openai_told if provider == "openai" else langchain_told,
        ),
        host or provider,
    )


def _opened(
    provider: str, model: str, settings: Settings, *, address: str | None, key: str | None
) -> "BaseChatModel":
    """Open a model.

    Raises:
        SettingsError: its package is not installed, or it cannot be used so.
    """
    # A gateway of LangChain's maker, named by the environment alone, would see every question.
    os.environ["LANGSMITH_GATEWAY"] = "false"
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "base_url": address,
        "api_key": key,
        "max_tokens": answer_tokens(settings.chat_context),
        "temperature": 0,
        "timeout": settings.chat_timeout,
        "max_retries": RETRIES,
    }
    if address and provider in OPTIONS:
        options |= OPTIONS[provider](address, settings)
    given = {name: value for name, value in options.items() if value is not None}
    try:
        opened: BaseChatModel = init_chat_model(model, model_provider=provider, **given)
        if (opened.profile or {}).get("temperature") is False:
            given.pop("temperature", None)
            opened = init_chat_model(model, model_provider=provider, **given)
    except ImportError as error:
        extra = EXTRAS.get(provider, "")
        raise SettingsError(_lacks(f"{provider}:", extra)) from error
    except Exception as error:  # noqa: BLE001 - whatever a provider's package raises
        fault = type(error).__name__  # its text may hold the key
        raise SettingsError(
            f"The chat model {provider}:{model} cannot be opened ({fault}). Correct "
            "PINCITE_CHAT_MODEL=provider:model, or set PINCITE_CHAT_API_KEY"
        ) from None
    return opened


def _openai(address: str, settings: Settings) -> dict[str, Any]:
    import openai

    # A redirect would carry the question to a host that nobody set; a proxy has no business
    # between two programs on one machine; a connection that is kept open is found dead one day.
    http: dict[str, Any] = {
        "trust_env": not _is_this_machine(address),
        "follow_redirects": False,
        "headers": {"Connection": "close"},
        "timeout": settings.chat_timeout,
    }
    is_own_service = address == SERVICES["openai"]
    return {
        "use_responses_api": False,  # it keeps what it is asked, unless told otherwise
        "store": False if is_own_service else None,
        "stream_usage": False,
        "openai_proxy": "",
        "http_client": openai.DefaultHttpxClient(**http),
        "http_async_client": openai.DefaultAsyncHttpxClient(**http),
    }


def _ollama(address: str, settings: Settings) -> dict[str, Any]:
    http = {"trust_env": not _is_this_machine(address), "timeout": settings.chat_timeout}
    return {
        "max_tokens": None,
        "max_retries": None,
        "timeout": None,
        "api_key": None,
        "num_ctx": settings.chat_context,
        "num_predict": answer_tokens(settings.chat_context),
        "client_kwargs": http,
    }


OPTIONS: Final[Mapping[str, Callable[[str, Settings], dict[str, Any]]]] = {
    "openai": _openai,
    "ollama": _ollama,
}
"""What a provider takes beyond what all take, or in other words; None takes an option away."""


def _is_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _lacks(provider: str, extra: str) -> str:
    what = f"'.[{extra}]'" if extra else "its LangChain package"
    return (
        f"PINCITE_CHAT_MODEL={provider}... needs a package that is not installed, or there is no "
        f"such provider. In .venv, run: python -m pip install {'-e ' if extra else ''}{what}"
    )
