"""Limits of size and habits that a machine can check; see docs for why."""

import ast
import io
import subprocess
import tokenize
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("pincite", "ingest", "web", "evals", "tests", "benchmarks")
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "__pycache__" not in path.parts
)
PRODUCT = [
    path for path in MODULES if path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks"}
]

LIMIT = 200
EXCEPTIONS: dict[str, int] = {}
"""Modules that may be longer, with their limit; each needs its reason in a comment here."""

NOT_TEXT = {".png", ".jpg", ".ico", ".woff2", ".gz", ".pdf", ".docx"}
MACHINE_PATHS = ("/" + "work/", "/" + "root/", "/" + "home/")

NOT_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}


def docstring_lines(source: str) -> set[int]:
    """Return the lines of strings that stand alone: docstrings of modules, classes and names."""
    return {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def code_lines(source: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {
        line
        for token in tokens
        if token.type not in NOT_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - docstring_lines(source))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_code_lines_are_counted_without_comments_blank_lines_and_docstrings():
    head = '"""Doc."""\n\n# why\nX = 1  # what\n"""Of X."""\n\n'
    source = head + 'def f():\n    """Doc.\n\n    More.\n    """\n    return """a\nb"""\n'
    assert code_lines(source) == 4


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path):
    assert code_lines(path.read_text()) <= EXCEPTIONS.get(name_of(path), LIMIT)


def test_the_application_only_wires():
    assert code_lines((ROOT / "app.py").read_text()) <= 80


def test_no_exception_is_left_over():
    too_long = {name_of(p) for p in PRODUCT if code_lines(p.read_text()) > LIMIT}
    assert EXCEPTIONS.keys() == too_long


@pytest.mark.parametrize("path", [ROOT / "app.py", *MODULES], ids=name_of)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def tracked_texts() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [p for p in paths if p.is_file() and p.suffix not in NOT_TEXT]


def test_no_file_names_a_folder_of_somebodys_machine():
    paths = tracked_texts() or MODULES
    named = [
        (name_of(path), part)
        for path in paths
        for part in MACHINE_PATHS
        if part in path.read_text(errors="replace")
    ]
    assert named == []
