"""What the libraries under the page read from the environment, set so that nothing leaves.

Only what Gradio takes at `launch` or at import is here; what it takes as an argument stands where
it is built, in `page.py` and `server.py`.
"""

import os

CLOSED = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Statistics of the last questions, computed after each; nobody can see them.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_CHAT_FLAGGING_MODE": "never",
    "GRADIO_FLAGGING_MODE": "never",
    "GRADIO_CACHE_EXAMPLES": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_DEBUG": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Set to these values whatever the environment said before."""

UNSET = (
    "GRADIO_ALLOWED_PATHS",
    "GRADIO_ROOT_PATH",
    "GRADIO_HISTORY_BUCKET",
    "GRADIO_HOT_RELOAD",
    "GRADIO_LOCAL_DEV_MODE",
    "GRADIO_PROFILING",
    "GRADIO_VIBE_MODE",
    "GRADIO_WATCH_DIRS",
    "LANGSMITH_API_KEY",
    "LANGCHAIN_API_KEY",
)


def close_the_leaks() -> None:
    """Turn off telemetry, recording, sharing and downloads, against whatever was set."""
    os.environ.update(CLOSED)
    for name in UNSET:
        os.environ.pop(name, None)
