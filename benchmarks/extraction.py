"""`python benchmarks/extraction.py FOLDER`: word F1 of published articles beside plain trafilatura.

FOLDER holds `article/` and `forum/`: pages as `NAME.html.gz`, what a person read from them as
`main_content` in `NAME.json`, and the kinds of the pages of `forum/` in its `manifest.tsv`.
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import trafilatura

if __package__ in {None, ""}:  # run as a file: the checkout is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingest.articles import prepare
from ingest.sources import Source
from pincite.errors import SourceError

Reader = Callable[[str, bytes], str]
Scores = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A saved page, its kind, and the text that a person read from it."""

    name: str
    kind: str
    raw: bytes
    text: str


def ours(name: str, raw: bytes) -> str:
    """Return the text that would be published; a refused page has none."""
    try:
        return prepare(Source(f"{name}.html", raw)).article.text
    except SourceError:
        return ""


def plain_trafilatura(_name: str, raw: bytes) -> str:
    """Return what trafilatura finds with its defaults."""
    return trafilatura.extract(raw) or ""


READERS: Mapping[str, Reader] = {"ours": ours, "trafilatura": plain_trafilatura}


def samples(folder: Path) -> Iterator[Sample]:
    """Read the pages of a folder.

    Rows of the manifest without a page, and pages without a reference, are left out.
    """
    for name in sorted(p.name[: -len(".html.gz")] for p in (folder / "article").glob("*.html.gz")):
        yield from sample(folder / "article", name, "article")
    for name, kind in kinds(folder / "forum" / "manifest.tsv").items():
        named = "forum_folder_article" if kind == "article" else kind
        yield from sample(folder / "forum", name, named)


def kinds(manifest: Path) -> dict[str, str]:
    """Return the kind of each page, from the first two columns of the manifest."""
    if not manifest.exists():
        return {}
    rows = [line.split("\t") for line in manifest.read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0] not in {"id", "name"}}


def sample(folder: Path, name: str, kind: str) -> Iterator[Sample]:
    """Read one page with its reference, if both are there."""
    page, reference = folder / f"{name}.html.gz", folder / f"{name}.json"
    if page.exists() and reference.exists():
        text = json.loads(reference.read_text(encoding="utf-8")).get("main_content") or ""
        if text.strip():
            yield Sample(name, kind, gzip.decompress(page.read_bytes()), text)


def word_f1(found: str, reference: str) -> float:
    """Harmonic mean of precision and recall over words as a multiset, in lower case: 0 to 1."""
    a, b = (Counter(re.findall(r"\w+", text.lower())) for text in (found, reference))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def score(read: Reader, page: Sample) -> float:
    """Score one page; a crash counts as nothing read and is named."""
    try:
        return word_f1(read(page.name, page.raw), page.text)
    except Exception as error:  # noqa: BLE001 - any crash of a reader is a result of the benchmark
        sys.stderr.write(f"{page.name}: crashed with {type(error).__name__}: {error}\n")
        return 0.0


def measure(folder: Path) -> tuple[Scores, dict[str, int]]:
    """Return the mean F1 of each reader for each kind of page, and the number of pages."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in READERS}
    for page in samples(folder):
        for name, read in READERS.items():
            found[name].setdefault(page.kind, []).append(score(read, page))
    counts = {kind: len(scores) for kind, scores in found["ours"].items()}
    means = {n: {k: fmean(scores) for k, scores in by.items()} for n, by in found.items()}
    return means, counts


def table(means: Scores, counts: Mapping[str, int]) -> str:
    """Lay the figures out for people."""
    lines = [f"{'kind':<22}{'pages':>6}" + "".join(f"{name:>14}" for name in means)]
    for kind, pages in counts.items():
        figures = "".join(f"{by[kind]:>14.3f}" for by in means.values())
        lines.append(f"{kind:<22}{pages:>6}{figures}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a folder and print a table, or one JSON document."""
    parser = argparse.ArgumentParser(prog="benchmarks/extraction.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    means, counts = measure(options.folder)
    if not counts:
        sys.stderr.write(f"no pages in {options.folder}: it needs article/ or forum/\n")
        return 1
    sys.stdout.write(json.dumps(means) + "\n" if options.json else table(means, counts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
