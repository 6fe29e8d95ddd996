"""Settings: read from the environment and `.env`, and a mistake is named with its remedy."""

import re
from pathlib import Path

import pytest

from pincite.errors import SettingsError
from pincite.settings import load_settings
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_stays_on_this_machine():
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert settings.embedding_model == "all-MiniLM-L6-v2"
    assert (settings.data, settings.corpus) == (Path("var/library"), Path("corpus"))


def test_nothing_is_sent_to_editors_unless_it_is_switched_on(monkeypatch):
    assert not load_settings().inbox
    monkeypatch.setenv("PINCITE_INBOX", "true")
    assert load_settings().inbox


def test_the_environment_goes_before_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("PINCITE_PORT=8001\nPINCITE_CORPUS=articles\n")
    monkeypatch.setenv("PINCITE_PORT", "8002")
    assert (load_settings().port, load_settings().corpus) == (8002, Path("articles"))


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        pytest.param("PINCITE_CORPOS", "PINCITE_CORPUS", id="misspelt"),
        pytest.param("PINCITE_EMBEDDER", "PINCITE_EMBEDDING_MODEL", id="half-remembered"),
        pytest.param("pincite_prot", "PINCITE_PORT", id="in-lower-case"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_setting(monkeypatch, name, nearest):
    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=rf"no setting {name}; did you mean {nearest}\?"):
        load_settings()


def test_an_unknown_name_in_the_file_is_found_as_well(tmp_path):
    (tmp_path / ".env").write_text("PINCITE_DATTA=somewhere\n")
    with pytest.raises(SettingsError, match=r"PINCITE_DATTA; did you mean PINCITE_DATA\?"):
        load_settings()


def test_names_of_other_programs_are_not_ours_to_judge(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("OTHER_PORT=1\n")
    monkeypatch.setenv("XPINCITE_PORT", "1")
    assert load_settings().port == 7860


def test_what_continuous_integration_sets_is_no_unknown_setting(monkeypatch):
    exported = re.findall(r"^export (PINCITE_\w+)=(\w+)", (ROOT / ".ci" / "run").read_text(), re.M)
    for name, value in exported:
        monkeypatch.setenv(name, value)
    assert load_settings()


@pytest.mark.parametrize("port", ["0", "65536", "here", ""])
def test_a_value_that_cannot_be_used_is_named(monkeypatch, port):
    monkeypatch.setenv("PINCITE_PORT", port)
    with pytest.raises(SettingsError, match="Correct these settings: PINCITE_PORT: Input should"):
        load_settings()


def test_settings_cannot_be_changed_once_they_are_read():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]
