"""How a provider is told to write JSON of a given form, and what is tried where it cannot."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

    Asked = Runnable[LanguageModelInput, AIMessage]

MODES: Final = ("json_schema", "json_mode", "prompt")
"""The strictest first; the last is what the prompt says, and nothing else."""

LONGEST: Final[Mapping[str, Mapping[str, int]]] = {
    "string": {"maxLength": 300},
    "array": {"maxItems": 6},
}
"""Bounds for a model of one's own; services refuse a schema that holds some."""

Told = Callable[["BaseChatModel", str, Mapping[str, Any]], "Asked"]
"""Returns a model that writes by a schema, in one of the `MODES`."""


def openai_told(model: "BaseChatModel", mode: str, schema: Mapping[str, Any]) -> "Asked":
    """Tell a server that speaks OpenAI's protocol.

    In the body as it goes out: otherwise the client collects the answer to parse it itself, and
    fails on what other servers send.
    """
    forms: Mapping[str, dict[str, Any]] = {
        "json_schema": {
            "type": "json_schema",
            "json_schema": {"name": schema["title"], "strict": True, "schema": schema},
        },
        "json_mode": {"type": "json_object"},
    }
    if mode not in forms:
        return model
    return model.bind(extra_body={"response_format": forms[mode]})


def llama_told(model: "BaseChatModel", mode: str, schema: Mapping[str, Any]) -> "Asked":
    """Tell llama.cpp, whose grammar also keeps to lengths: a small model does not end by itself."""
    return openai_told(model, mode, _bounded(schema))


def _bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    bounded: dict[str, Any] = dict(LONGEST.get(str(schema.get("type")), {}))
    for key, value in schema.items():
        bounded[key] = _bounded(value) if isinstance(value, Mapping) else value
    return bounded


def langchain_told(model: "BaseChatModel", mode: str, schema: Mapping[str, Any]) -> "Asked":
    """Tell any other provider, in the way that LangChain knows for it.

    What LangChain adds behind the model would wait for the whole answer, and is left out.
    """
    try:
        structured = model.with_structured_output(dict(schema), method=mode)
    except (NotImplementedError, TypeError, ValueError):  # the provider has no such mode
        return model
    return getattr(structured, "first", model)
