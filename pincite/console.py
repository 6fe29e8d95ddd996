"""What all command lines share: one JSON document on stdout, one line for a known failure."""

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

import typer
from typer.exceptions import TyperException

from pincite.errors import PinciteError

STOPPED = 130
"""What a shell calls a program that Ctrl-C ended."""


def print_json(document: Mapping[str, Any]) -> None:
    """Write the one JSON document of a command that was given `--json`."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def command_line(app: typer.Typer) -> None:
    """Run a program; a failure that the user can mend is a line, not a traceback."""
    quiet_libraries()
    try:
        code = app(standalone_mode=False)
        if code == STOPPED:  # typer turns Ctrl-C into an exit code
            raise typer.Abort  # noqa: TRY301 - told in one place, below
    except PinciteError as error:
        _fail(str(error), code=error.exit_code)
    except TyperException as error:
        _fail(error.format_message() + " Try --help", code=error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _fail("Stopped before the end.", code=STOPPED)
    raise SystemExit(code)


def quiet_libraries() -> None:
    """Keep the model libraries' progress bars and advice off the terminal."""
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    logging.getLogger("transformers").setLevel(logging.ERROR)


def _fail(message: str, *, code: int) -> None:
    if "--json" in sys.argv:
        print_json({"error": message})
    sys.stderr.write(message + "\n")
    raise SystemExit(code)
