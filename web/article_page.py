"""An article on a page of its own: read without a script, marked at the cited words by one."""

from html import escape
from typing import Final

from pincite.model import Article
from web.frame import framed
from web.library_page import facts_html
from web.links import article_link
from web.shelf import address
from web.source import CHANGED, Marks, original, parts
from web.wording import plain

OUT_OF_RANGE: Final = (
    "This address asks for words where the article has none, so nothing is marked. The article may "
    "have changed since, or the address may be incomplete."
)
NOT_COMPARED: Final = (
    "Pincite does not answer, so the quoted words cannot be compared with the article and are not "
    "marked."
)

BODY: Final = """
<article class="source" id="article" data-id="{id}" data-generation="{generation}"
  data-length="{length}">
<p class="back"><a href="/library">All articles</a></p>
<h1 class="title">{title}</h1>
<p class="facts">{facts}</p>
{topics}
<div class="actions">
  <a class="button" href="{ask}">Ask about this article</a>
  <button type="button" id="copy-link" hidden>Copy link</button>
  <span class="hint" id="copied" role="status"></span>
</div>
<div id="notes" role="status">
  <p class="changed" id="changed" hidden>{changed}</p>
  <p class="changed" id="out-of-range" hidden>{out_of_range}</p>
  <p class="changed" id="not-compared" hidden>{not_compared}</p>
</div>
<div class="text">{text}</div>
</article>
"""


def article_page(article: Article, *, generation: int) -> str:
    # All text is escaped, so that these tags are the headings'. The title is this page's h1.
    text = "".join(parts(article, Marks())).replace("<h3", "<h2").replace("</h3>", "</h2>")
    body = BODY.format(
        id=escape(article.id),
        generation=generation,
        length=len(article.text),
        title=plain(article.title) or plain(article.id),
        facts=facts_html(article) + original(article.url),
        topics=topics_html(article),
        ask=escape(f"/{article_link(article.id)}"),
        changed=escape(CHANGED),
        out_of_range=escape(OUT_OF_RANGE),
        not_compared=escape(NOT_COMPARED),
        text=text,
    )
    return framed(
        body,
        title=article.title or article.id,
        name="article",
        styles=["source.css", "library.css"],
        scripts=["article.js"],
        needs_script=False,
    )


def topics_html(article: Article) -> str:
    links = "".join(
        f'<li><a href="{escape(address({"topic": topic}))}">{plain(topic)}</a></li>'
        for topic in article.topics
    )
    return f'<ul class="topics" aria-label="Topics">{links}</ul>' if links else ""
