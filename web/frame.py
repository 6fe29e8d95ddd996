"""The frame around the pages of plain HTML: head, masthead, the way from one to the other."""

from collections.abc import Iterable
from html import escape

PAGES = (("/", "Ask a question"), ("/library", "Library"))
"""What every page leads to; the editors' page is known to those who need it."""


def framed(
    body: str,
    *,
    title: str,
    name: str,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    more: str = "",
    needs_script: bool = True,
) -> str:
    """Put the frame around a page's body, which must be escaped already.

    `name` is the class of the page's body, `more` what stands in its navigation besides the links.
    `styles` and `scripts` are files of `static/`. Without `needs_script` the page can be read as it
    comes, so that nobody is told to allow scripts.
    """
    unread = '<noscript><p class="fault">This page needs JavaScript.</p></noscript>\n'
    links = "".join(f'<a href="{address}">{label}</a>' for address, label in PAGES)
    sheets = "".join(f'<link rel="stylesheet" href="/pincite/{style}">\n' for style in styles)
    code = "".join(f'<script src="/pincite/{script}" defer></script>\n' for script in scripts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{escape(title)} · Pincite</title>
<link rel="icon" href="/pincite/favicon.svg">
<link rel="stylesheet" href="/pincite/pincite.css">
<link rel="stylesheet" href="/pincite/frame.css">
<link rel="stylesheet" href="/pincite/access.css">
{sheets}{code}</head>
<body class="framed {name}">
<header class="top">
  <a class="brand" href="/">
    <img src="/pincite/favicon.svg" alt="" width="24" height="24">Pincite</a>
  <nav aria-label="Pages">{links}{more}</nav>
</header>
<main>
{body}
{unread * needs_script}</main>
</body>
</html>
"""
