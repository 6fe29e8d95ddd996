"""The library's page as plain HTML: it reads and filters without its script, which adds search."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from pincite.finding import Findings
from pincite.inbox import today
from pincite.model import Article, attribution
from web.frame import framed
from web.links import article_address
from web.render import KINDS
from web.shelf import LONGEST_SEARCH, PAGE, VALUES, Chosen, Selection, address
from web.source import Marks, marked
from web.wording import OLD, is_old, plain, readable_date, sentence_case

LABELS: Final[Mapping[str, str]] = {
    "topic": "Topic",
    "speaker": "Who speaks",
    "kind": "Kind",
    "place": "Place",
    "from": "From year",
    "to": "To year",
}
NOT_KNOWN: Final = "Not known"

BODY: Final = """
<h1>Library</h1>
<p class="lead">Every article that answers are made of.</p>
<form id="browse" role="search" method="get" action="/library">
  <div id="search-field" hidden>
    <label for="search">Search</label>
    <input type="search" id="search" autocomplete="off" spellcheck="false"
      maxlength="{longest}" aria-describedby="search-hint">
    <p class="hint" id="search-hint">In titles, authors, topics and the articles’ own words. What
      you type stays in this tab: it does not become part of the page’s address.</p>
  </div>
  <div class="filters">{filters}</div>
  <noscript><div class="row"><button type="submit" class="main">Show</button></div></noscript>
</form>
<div id="chosen">{chosen}</div>
<p id="count" role="status" tabindex="-1">{count}</p>
<div id="fault" role="alert"></div>
<ol id="results">{results}</ol>
<p class="row" id="further">{further}</p>
"""
MISSING: Final = """
<h1>{title}</h1>
<p class="lead">{message}</p>
<p class="row"><a class="button main" href="/library">Go to the library</a>
  <a class="button" href="/">Ask a question</a></p>
"""


def library_page(selection: Selection) -> str:
    body = BODY.format(
        longest=LONGEST_SEARCH,
        filters="".join(filter_html(name, selection) for name in VALUES),
        chosen=chosen_html(selection.chosen),
        count=count_line(selection),
        results=results_html(selection),
        further=further_html(selection),
    )
    return framed(
        body,
        title="Library",
        name="library",
        styles=["library.css"],
        scripts=["library.js"],
        needs_script=False,
    )


def fault_page(title: str, message: str) -> str:
    """Say in the frame what is not to be had, and lead on."""
    body = MISSING.format(title=escape(title), message=escape(message))
    return framed(body, title=title, name="missing", needs_script=False)


def selection_json(selection: Selection) -> dict[str, Any]:
    """Return what the page's script needs, rendered by what renders the page."""
    return {
        "total": selection.total,
        "next": selection.following,
        "count": count_line(selection),
        "chosen": chosen_html(selection.chosen),
        "options": {name: options(name, selection) for name in VALUES},
        "results": results_html(selection),
        "further": further_html(selection),
    }


def filter_html(name: str, selection: Selection) -> str:
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" * (value == selection.chosen.get(name, ""))}>'
        f"{escape(text)}</option>"
        for value, text in options(name, selection)
    )
    return (
        f'<div><label for="by-{name}">{LABELS[name]}</label>'
        f'<select id="by-{name}" name="{name}">{listed}</select></div>'
    )


def options(name: str, selection: Selection) -> list[tuple[str, str]]:
    """Return the values that exist with their counts; what is chosen stays, even with none."""
    counts = selection.counts[name]
    values = sorted({*counts, *filter(None, [selection.chosen.get(name)])}, key=str.casefold)
    if name in {"from", "to"}:
        values.reverse()
    return [("", "Any"), *((v, f"{value_label(name, v)} ({counts[v]:,})") for v in values)]


def value_label(name: str, value: str) -> str:
    if value == "unknown":
        return NOT_KNOWN
    if name == "kind":
        return sentence_case(next((label for kind, label in KINDS.items() if kind == value), value))
    return sentence_case(value) if name == "speaker" else value


def chosen_html(chosen: Chosen) -> str:
    """Render each filter in use as a link to the page without it."""
    links = "".join(
        f'<li><a href="{escape(address(without(chosen, name)))}" data-filter>'
        f"{LABELS[name]}: {escape(value_label(name, value))} "
        '<span aria-hidden="true">×</span><span class="unseen">(take off)</span></a></li>'
        for name, value in chosen.items()
    )
    every = '<li><a class="every" href="/library" data-filter>Clear all filters</a></li>'
    if not chosen:
        return ""
    return f'<ul aria-label="Filters in use">{links}{every * (len(chosen) > 1)}</ul>'


def without(chosen: Chosen, name: str) -> Chosen:
    return {other: value for other, value in chosen.items() if other != name}


def count_line(selection: Selection) -> str:
    """Say how many there are and in which order."""
    if not selection.total and selection.findings and not selection.chosen:
        return "No article has all of these words."
    if not selection.total:
        return "No article matches."
    order = "best match first" if selection.findings else "newest first"
    many = f"{selection.total:,} article{'s' * (selection.total > 1)}"
    if selection.following:
        many = f"The first {selection.following:,} of {many}"
    return f"{many}, {order}" if selection.total > 1 else many


def results_html(selection: Selection) -> str:
    return "".join(
        result_html(article, selection.findings, selection.chosen) for article in selection.articles
    )


def result_html(article: Article, findings: Findings | None, chosen: Chosen) -> str:
    title = plain(article.title) or plain(article.id)
    snippet = ""
    if findings:
        named = Marks(others=tuple(findings.matches(article.title)))
        title = marked(article.title, (0, len(article.title)), named) or title
        snippet = snippet_html(article, findings)
    topics = "".join(
        f'<li><a href="{escape(address({**chosen, "topic": topic}))}" data-filter>'
        f"{plain(topic)}</a></li>"
        for topic in article.topics
    )
    listed = f'<ul class="topics" aria-label="Topics">{topics}</ul>' if topics else ""
    return (
        f'<li><h2><a href="{escape(article_address(article.id))}">{title}</a></h2>'
        f'<p class="facts">{facts_html(article)}</p>{snippet}{listed}</li>'
    )


def facts_html(article: Article) -> str:
    """Render what is known of an article on one line, its age last where it matters."""
    facts = (
        sentence_case(KINDS[article.kind]),
        sentence_case(attribution(speaker=article.speaker, author=article.author)),
        readable_date(article.date),
        article.place,
    )
    old = f' · <span class="old">{OLD}</span>' if is_old(article.date, today()) else ""
    return plain(" · ".join(filter(None, facts))) + old


def snippet_html(article: Article, findings: Findings) -> str:
    start, end = findings.snippet(article)
    marks = Marks(others=tuple(findings.matches(article.text, (start, end))))
    words = marked(article.text, (start, end), marks)
    before = "… " if article.text[:start].rstrip(" ")[-1:] not in {"", "\n"} else ""
    after = " …" if article.text[end:].lstrip(" ")[:1] not in {"", "\n"} else ""
    return f'<p class="snippet">{before}{words}{after}</p>'


def further_html(selection: Selection) -> str:
    """Render the way on: to more articles, or out of a search that finds none."""
    if selection.following:
        more = escape(address(selection.chosen, shown=selection.following + PAGE))
        return f'<a class="button" id="more" href="{more}">Show more</a>'
    if selection.total:
        return ""
    clear = '<a class="button" href="/library" data-filter>Clear the filters</a>'
    search = '<button type="button" id="clear-search">Clear the search</button>'
    ask = '<a class="button plain" href="/">Ask it as a question</a>'
    return f"{clear * bool(selection.chosen)}{(search + ask) * (selection.findings is not None)}"
