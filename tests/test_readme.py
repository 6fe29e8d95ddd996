"""The README: every setting is explained, every command that it shows exists."""

import re
from importlib.util import find_spec

import pytest
from typer.main import get_command

from pincite.settings import PREFIX, Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text() if (ROOT / "README.md").exists() else ""
SETTINGS = sorted(f"{PREFIX}{name}".upper() for name in Settings.model_fields)
PROGRAMS = ("ingest", "pincite", "evals")


def commands_in(text: str, pattern: str) -> list[str]:
    return sorted(set(re.findall(pattern, text)))


def test_there_is_a_readme():
    assert README


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name):
    assert re.search(rf"`{name}`", README)


def test_no_setting_is_explained_that_does_not_exist():
    assert set(commands_in(README, rf"`({PREFIX}[A-Z_]+)")) <= set(SETTINGS)


def test_every_make_target_that_is_named_exists():
    targets = commands_in((ROOT / "Makefile").read_text(), r"(?m)^([a-z]+):")
    assert set(commands_in(README, r"(?:^|`)make ([a-z]+)")) <= set(targets)


def test_every_module_that_is_run_exists():
    modules = commands_in(README, r"python -m ([a-z_.]+)")
    assert modules
    assert [name for name in modules if find_spec(name) is None] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_and_option_of_our_programs_exists(program):
    command = get_command(__import__(f"{program}.__main__", fromlist=["app"]).app)
    commands = getattr(command, "commands", {})
    known = {option for c in (command, *commands.values()) for p in c.params for option in p.opts}
    known |= {"--help"}
    shown = re.findall(rf"python -m {program}\b([^`\n|#]*)", README)
    words = [line.split() for line in shown]
    subcommands = {line[0] for line in words if line and re.fullmatch(r"[a-z]+", line[0])}
    options = {word for line in words for word in line if re.fullmatch(r"--[a-z-]+", word)}
    assert subcommands <= commands.keys()
    assert options <= known


def test_every_file_that_is_linked_exists():
    linked = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README)
    assert [path for path in linked if not (ROOT / path).exists()] == []
