"""Published generations on disk: the pointer CURRENT, manifests, and whether files are whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from pincite.embedding import EmbeddingSpace
from pincite.errors import LibraryDamagedError, LibraryMissingError

GENERATIONS = "generations"
POINTER = "CURRENT"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArticle:
    """What a manifest says of one article."""

    source: str
    """Path of the source file inside the corpus folder, with forward slashes."""
    source_sha256: str
    text_sha256: str
    digest: str
    """Of everything published: text, sections and metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Size in bytes and content of one file of a generation."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation holds, written when it was closed."""

    generation: int
    created: str
    """UTC, ISO 8601."""
    embedding: EmbeddingSpace
    passages: int
    passages_sha256: str
    """Of all passages in order: cut differently, the same articles make another generation."""
    articles: Mapping[str, PublishedArticle]
    files: Mapping[str, File]
    report: Mapping[str, Any]
    """The ingest report in the form of `python -m ingest --json`."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: the text is no manifest of this form.
        """
        raw = json.loads(text)
        return cls(
            **raw
            | {
                "embedding": EmbeddingSpace(**raw["embedding"]),
                "articles": {k: PublishedArticle(**v) for k, v in raw["articles"].items()},
                "files": {k: File(**v) for k, v in raw["files"].items()},
            }
        )


def folder_of(data: Path, generation: int) -> Path:
    return data / GENERATIONS / str(generation)


def existing_generations(data: Path) -> list[int]:
    """Return the numbers of the closed generations that are kept, oldest first."""
    parent = data / GENERATIONS
    if not parent.is_dir():
        return []
    return sorted(int(f.name) for f in parent.iterdir() if f.name.isdecimal())


def current_generation(data: Path) -> int:
    """Return the number that CURRENT points at.

    Raises:
        LibraryMissingError: nothing was ever published there.
        LibraryDamagedError: CURRENT holds no number.
    """
    try:
        written = (data / POINTER).read_text().strip()
    except FileNotFoundError:
        raise LibraryMissingError(data) from None
    if not written.isdecimal():
        raise LibraryDamagedError(data, fault=f"{POINTER} holds {written[:20]!r}, not a number")
    return int(written)


def read_manifest(folder: Path) -> Manifest:
    """Read what a generation says of itself.

    Raises:
        LibraryDamagedError: the manifest is missing or cannot be read.
    """
    try:
        return Manifest.from_json((folder / MANIFEST).read_text())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryDamagedError(folder, fault=f"{MANIFEST} cannot be read ({error})") from error


def files_in(folder: Path) -> dict[str, File]:
    """Measure every file of a generation but its manifest."""
    return {
        path.relative_to(folder).as_posix(): File(size=path.stat().st_size, sha256=sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare a generation's files with its manifest.

    Raises:
        LibraryDamagedError: a file is missing, was added, or differs in a byte.
    """
    found = files_in(folder)
    names = sorted(found.keys() | manifest.files.keys())
    faults = [name for name in names if found.get(name) != manifest.files.get(name)]
    if faults:
        raise LibraryDamagedError(folder, fault=f"{faults[0]} is not as it was published")
