"""What went wrong at a chat model, in terms of ours: no text of a service's error is kept."""

import re
from collections.abc import Mapping

from pincite.errors import (
    ChatModelAccessError,
    ChatModelBusyError,
    ChatModelDownError,
    ChatModelError,
    ChatModelOutputError,
    ChatModelOverflowError,
    ChatModelRefusedError,
    ChatModelTimeoutError,
    ChatModelUnknownError,
)

BY_STATUS: Mapping[int, type[ChatModelError]] = {
    400: ChatModelRefusedError,
    401: ChatModelAccessError,
    402: ChatModelBusyError,
    403: ChatModelAccessError,
    404: ChatModelUnknownError,
    408: ChatModelTimeoutError,
    413: ChatModelOverflowError,
    422: ChatModelRefusedError,
    429: ChatModelBusyError,
    504: ChatModelTimeoutError,
}

BY_NAME: Mapping[str, type[ChatModelError]] = {
    "ContextOverflowError": ChatModelOverflowError,
    "ModelTimeoutError": ChatModelTimeoutError,
    "APITimeoutError": ChatModelTimeoutError,
    "TimeoutException": ChatModelTimeoutError,
    "TimeoutError": ChatModelTimeoutError,
    "ModelConnectionError": ChatModelDownError,
    "APIConnectionError": ChatModelDownError,
    "TransportError": ChatModelDownError,
    "ConnectionError": ChatModelDownError,
    "ValueError": ChatModelOutputError,
}
"""Names of exceptions of LangChain, the services' clients, their HTTP clients and Python; by name,
so that none of those packages has to be installed. What is more telling stands first."""

TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window|limit)|maximum context|prompt is too long|too many tokens"
    r"|input tokens exceed",
    re.IGNORECASE,
)


def fault_of(error: BaseException, model: str) -> ChatModelError:
    """Return the failure as one of ours, without its text."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = _status_of(error)
    if status in (400, 413, 422, None) and TOO_LONG.search(str(error)):
        return ChatModelOverflowError(model)
    for name, kind in BY_NAME.items():
        if name in names:
            return kind(model)
    if status is not None and status >= 500:
        return BY_STATUS.get(status, ChatModelDownError)(model)
    return BY_STATUS.get(status or 0, ChatModelError)(model)


def _status_of(error: BaseException) -> int | None:
    """Return the HTTP status: of the reply, or named in an error that came within the stream."""
    given = getattr(error, "status_code", None) or getattr(error, "code", None)
    return int(str(given)) if str(given).isascii() and str(given).isdigit() else None
