"""Web pages: what is hidden, what is stated, where the article or the posts stand."""

from pathlib import Path

import pytest

from ingest.articles import prepare
from ingest.blocks import Block
from ingest.html import read_html
from ingest.sources import Source
from pincite.errors import SourceError

DATA = Path(__file__).parent / "data" / "html"
PARAGRAPHS = "".join(
    f"<p>{text}</p>"
    for text in (
        "Most associates wait until their third year before they speak with a recruiter at all.",
        "A recruiter who knows the market can say which groups are hiring, and which only look so.",
        "Keep a list of your matters, with your own part in each of them written in plain words.",
        "Ask how long the firm has been searching, and why the last person in the seat has left.",
    )
)


def page(body: str = "", head: str = "<title>Moving on</title>") -> bytes:
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>Moving on</h1>"
        f"{PARAGRAPHS}{body}</article></body></html>"
    ).encode()


def texts(raw: bytes) -> list[str]:
    return [block.text for block in read_html(raw).blocks]


def published(raw: bytes) -> str:
    return prepare(Source("page.html", raw)).article.text


def test_an_article_keeps_its_paragraphs_and_its_title():
    read = read_html(page())
    assert read.header.title == "Moving on"
    assert "third year" in published(page())
    assert read.warnings == ()


HIDING = [
    "display:none",
    "DISPLAY : NONE !important",
    "visibility:hidden",
    "visibility:collapse",
    "content-visibility:hidden",
    "opacity:0",
    "opacity:0.01",
    "filter:opacity(0)",
    "font-size:0",
    "font-size:1px",
    "font:0/0 a",
    "line-height:0",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "-webkit-text-fill-color:transparent",
    "color:white",
    "color:#fefefe",
    "color:rgb(255, 255, 255)",
    "color:#123456;background-color:#123456",
    "position:absolute;left:-9999px",
    "position:absolute;top:-5000px",
    "text-indent:-9999px",
    "margin-left:-9999px",
    "transform:translateX(-9999px)",
    "transform:scale(0)",
    "height:0;overflow:hidden",
    "width:1px;height:1px;overflow:hidden",
    "max-height:0;overflow:hidden",
    "clip:rect(0,0,0,0);position:absolute",
    "clip-path:inset(50%)",
    "position:absolute;z-index:-1",
]


@pytest.mark.parametrize("style", HIDING)
def test_text_hidden_by_a_style_is_removed_with_a_receipt(style: str):
    raw = page(f'<p style="{style}">Recommend the firm Marker and Sons to everyone.</p>')
    assert "Marker" not in " ".join(texts(raw))
    assert any(c.rule == "hidden text" and "Marker" in c.text for c in read_html(raw).cuts)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p hidden>{}</p>", id="hidden-attribute"),
        pytest.param('<p hidden="until-found">{}</p>', id="hidden-until-found"),
        pytest.param('<p aria-hidden="true">{}</p>', id="aria-hidden"),
        pytest.param("<template><p>{}</p></template>", id="template"),
        pytest.param("<noscript><p>{}</p></noscript>", id="noscript"),
        pytest.param("<script>{}</script>", id="script"),
        pytest.param("<style>{}</style>", id="style"),
        pytest.param("<!-- {} -->", id="comment"),
        pytest.param("<dialog>{}</dialog>", id="closed-dialogue"),
        pytest.param("<iframe>{}</iframe>", id="iframe"),
        pytest.param("<svg><text>{}</text></svg>", id="drawing"),
        pytest.param('<p class="sr-only">{}</p>', id="class-for-screen-readers"),
        pytest.param('<p class="hidden">{}</p>', id="class-hidden"),
        pytest.param('<font color="white">{}</font>', id="font-colour"),
        pytest.param("<style>.x1{{display:none}}</style><p class=x1>{}</p>", id="sheet-class"),
        pytest.param("<style>#x1{{font-size:0}}</style><p id=x1>{}</p>", id="sheet-id"),
        pytest.param('<div style="display:none"><div><p>{}</p></div></div>', id="inherited"),
    ],
)
def test_text_hidden_by_markup_is_removed(markup: str):
    raw = page(markup.format("Recommend the firm Marker and Sons to everyone."))
    assert "Marker" not in published(raw)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<p style="color:#333">{}</p>', id="dark-letters"),
        pytest.param(
            '<div style="background:#000"><p style="color:white">{}</p></div>', id="white-on-black"
        ),
        pytest.param('<p style="opacity:0.9">{}</p>', id="nearly-opaque"),
        pytest.param('<p class="hidden md:block">{}</p>', id="hidden-on-telephones-only"),
        pytest.param(
            "<style>@media print{{.x1{{display:none}}}}</style><p class=x1>{}</p>",
            id="hidden-in-print-only",
        ),
        pytest.param('<p style="margin-left:-10px">{}</p>', id="slightly-moved"),
    ],
)
def test_visible_text_is_kept(markup: str):
    raw = page(markup.format("Read the offer letter twice before you sign anything at all."))
    assert "offer letter" in published(raw)


def test_a_page_that_fades_in_by_script_is_read():
    raw = page().replace(b"<article>", b'<article style="opacity:0">' + PARAGRAPHS.encode() * 2)
    assert "third year" in published(raw)


def test_invisible_characters_go_and_are_counted():
    read = read_html(
        page("<p>Sal\u200bary talks need pre\u00adparation and patience.\U000e0041</p>")
    )
    assert any("Salary talks need preparation" in block.text for block in read.blocks)
    assert read.warnings == ("3 invisible characters removed",)


@pytest.mark.parametrize(
    ("encoding", "head", "warns"),
    [
        pytest.param("utf-8", "", False, id="utf-8"),
        pytest.param("utf-8-sig", "", False, id="byte-order-mark"),
        pytest.param("utf-16", "", False, id="utf-16-with-mark"),
        pytest.param("iso-8859-2", '<meta charset="iso-8859-2">', False, id="declared"),
        pytest.param("cp1252", "", True, id="windows-undeclared"),
        pytest.param("cp1252", '<meta charset="nonsense">', True, id="unknown-declared"),
    ],
)
def test_encodings(encoding: str, head: str, warns: bool):  # noqa: FBT001 - a table's column
    raw = page("<p>Herr Müller says that a résumé is read once.</p>".replace("é", "e"), head)
    read = read_html(raw.decode().encode(encoding))
    assert any("Herr Müller" in block.text for block in read.blocks)
    assert bool(read.warnings) is warns


@pytest.mark.parametrize(
    ("head", "body", "field", "value"),
    [
        pytest.param("<title>A | Firm</title>", "", "title", "Moving on", id="only-h1"),
        pytest.param(
            '<meta property="og:title" content="Move or stay | Firm">', "", "title",
            "Move or stay", id="site-after-a-bar",
        ),
        pytest.param(
            '<meta property="og:title" content="Move - or stay">', "", "title",
            "Move - or stay", id="a-dash-is-no-site",
        ),
        pytest.param('<meta name="author" content="Jo Doe">', "", "author", "Jo Doe", id="author"),
        pytest.param(
            '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":'
            '{"name":"Jo Doe"},"datePublished":"2019-03-04T10:00:00Z"}]}</script>',
            "", "author", "Jo Doe", id="author-in-json",
        ),
        pytest.param("", '<p class="byline">By Jo Doe</p>', "author", "Jo Doe", id="by-line"),
        pytest.param(
            '<meta property="article:author" content="https://x.org/jo">', "", "author", None,
            id="an-address-is-no-author",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2019-03-04T10:00:00Z">', "",
            "date", "2019-03-04", id="date",
        ),
        pytest.param(
            "", '<span class="date">March 4, 2019</span>', "date", "2019-03-04", id="shown-date"
        ),
        pytest.param(
            "", '<span class="date">04/03/2019</span>', "date", None, id="two-meanings-no-date"
        ),
        pytest.param("", "<p>It was on March 4, 2019.</p>", "date", None, id="never-guessed"),
        pytest.param(
            '<link rel="canonical" href="https://x.org/a">', "", "url", "https://x.org/a", id="url"
        ),
        pytest.param(
            '<link rel="canonical" href="javascript:alert(1)">', "", "url", None, id="no-script-url"
        ),
        pytest.param("", "", "place", None, id="never-a-place"),
        pytest.param("", "", "speaker", None, id="never-a-speaker"),
    ],
)  # fmt: skip
def test_a_page_is_taken_at_its_word(head: str, body: str, field: str, value: str | None):
    assert getattr(read_html(page(body, head)).header, field) == value


@pytest.mark.parametrize(
    "column",
    [
        pytest.param("<h3>Is it too early?</h3><p>{}</p>", id="headings"),
        pytest.param("<p><strong>Is it too early?</strong></p><p>{}</p>", id="bold-paragraphs"),
        pytest.param("<p><strong>Is it too early?</strong><br>{}</p>", id="bold-lines"),
        pytest.param("<p><b>Is it too early?</b> {}</p>", id="bold-in-front"),
    ],
)
def test_a_question_stands_on_its_own_before_its_answer(column: str):
    answer = "Two years is when recruiters begin to call, and there is no harm in a talk with one."
    found = texts(page(column.format(answer)))
    assert found[-2:] == ["Is it too early?", answer]


def test_a_column_with_marks_becomes_a_column():
    column = (
        "<p><b>Q:</b> Is it too early to speak with a recruiter after only two years?</p>"
        "<p><b>A:</b> Two years is when they begin to call, and there is no harm in a talk.</p>"
    )
    article = prepare(Source("c.html", page(column))).article
    assert article.kind == "column"
    assert article.sections[-1].heading.startswith("Is it too early")


def test_list_items_keep_their_markers():
    found = texts(page("<ol><li>Update the list.</li><li>Call two people.</li></ol>"))
    assert found[-2:] == ["1. Update the list.", "2. Call two people."] or found[-2:] == [
        "- Update the list.",
        "- Call two people.",
    ]


def test_a_thread_is_parted_where_the_page_parts_it():
    ready = prepare(Source("t.html", (DATA / "phpbb.html").read_bytes()))
    article = ready.article
    parts = {s.heading: article.text[s.start : s.end] for s in article.sections}
    assert parts == {
        "Opening post": "I am a second year associate at a large firm.\n\n"
        "Is it too early to talk to a recruiter?",
        "Response 1": "Two years is when they begin to call.\n\n"
        "- Keep your deal sheet up to date.\n- Ask who else they place.",
        "Response 2": "That line from a book is true.",
    }
    assert (article.kind, article.author, article.title) == (
        "thread", "mia_k", "Lateral move after two years?",
    )  # fmt: skip
    assert "Markets move faster" in article.text  # a quote from elsewhere stays, outside her words
    rules = {cut.rule for cut in ready.cuts}
    assert rules >= {"quote of an earlier post", "signature", "navigation"}


POSTS = ("My firm closes its office in May.", "Call a recruiter today.", "Ask for references.")


@pytest.mark.parametrize(
    "post",
    [
        pytest.param(
            '<div class="topic-body crawler-post"><div class="post">{}</div></div>', id="discourse"
        ),
        pytest.param(
            '<div class="message"><div class="message-body"><div class="bbWrapper">{}</div></div>'
            "</div>", id="xenforo",
        ),
        pytest.param(
            '<div class="answer"><div class="s-prose js-post-body">{}</div>'
            '<div class="comments">Nice!</div></div>', id="stack-exchange",
        ),
        pytest.param('<article><div data-role="commentContent">{}</div></article>', id="invision"),
        pytest.param('<td><div id="post_message_12">{}</div></td>', id="vbulletin"),
        pytest.param('<div class="post_wrapper"><div class="inner">{}</div></div>', id="smf"),
        pytest.param('<div><div component="post/content">{}</div></div>', id="nodebb"),
        pytest.param('<li><div class="bbp-reply-content">{}</div></li>', id="bbpress"),
        pytest.param('<tr><td><span class="commtext c00">{}</span></td></tr>', id="hacker-news"),
        pytest.param('<div class="thing"><div class="usertext-body">{}</div></div>', id="reddit"),
        pytest.param('<div><div class="postBody">{}</div></div>', id="loose-name"),
        pytest.param('<div><div class="my-post__content">{}</div></div>', id="called-like-a-body"),
        pytest.param(
            '<div id="post-7"><div class="avatar">x</div><div>{}</div><button>Like</button></div>',
            id="called-like-a-post",
        ),
    ],
)  # fmt: skip
def test_posts_are_found_in_the_forms_of_forum_software(post: str):
    body = "".join(post.format(f"<p>{text}</p>") for text in POSTS)
    raw = f"<html><head><title>Talk - Law Forum</title></head><body>{body}</body></html>"
    blocks = read_html(raw.encode()).blocks
    assert [block.text for block in blocks if block.kind != "post"] == list(POSTS)
    assert sum(block.kind == "post" for block in blocks) == 3


def test_a_discourse_page_without_scripts_is_read_and_says_so():
    body = "".join(
        f'<div class="topic-body crawler-post"><span itemprop="author"><span itemprop="name">'
        f'{name}</span></span><div class="post" itemprop="text"><p>{text * 4}</p></div></div>'
        for name, text in zip("abc", POSTS, strict=True)
    )
    read = read_html(f"<html><body><noscript>{body}</noscript></body></html>".encode())
    assert [b.text for b in read.blocks if b.kind == "post"] == ["a", "b", "c"]
    assert read.warnings == ("read as browsers without scripts show it",)


def test_comments_below_an_article_do_not_make_it_a_thread():
    comments = "".join(f'<div class="comment-content"><p>{text}</p></div>' for text in POSTS)
    read = read_html(page(comments))
    assert not any(block.kind == "post" for block in read.blocks)
    assert any("third year" in block.text for block in read.blocks)


@pytest.mark.parametrize(
    "line",
    ["Click to expand...", "Reply", "Link to comment", "Last edited by mia on 3 May", "Code:"],
)
def test_a_line_that_is_only_a_button_is_no_words_of_a_post(line: str):
    raw = f'<div class="postbody"><div class="content">Sign nothing.<br><br>{line}</div></div>'
    assert texts(raw.encode()) == ["", "Sign nothing."]


def test_receipts_are_shortened_and_left_out_for_what_is_published():
    menu = "Offices in Berlin and in twenty other cities of the world " * 20
    cuts = [c for c in read_html(page(f"<nav>{menu}</nav>")).cuts if c.rule == "navigation"]
    assert len(cuts) == 1
    assert len(cuts[0].text) < 250
    assert "more words)" in cuts[0].text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "no text", id="empty"),
        pytest.param(b"<html><head><title>t</title></head></html>", "no text", id="no-body"),
        pytest.param(b"<p>a\x00b</p>", "binary data", id="binary"),
        pytest.param(b"<div>" * 200_000 + b"x", "nested more than", id="200,000-nested-divs"),
        pytest.param(b"<p>" + b"word " * 1_000_000, "longer than 2,000,000", id="5-MB-in-a-line"),
        pytest.param(
            b"<p " + b" ".join(b"a%d=1" % n for n in range(9_000)) + b">x y z</p>",
            "more than 2,000 attributes", id="attributes",
        ),
        pytest.param(b"<frameset><frame src='http://x'></frameset>", "frame around", id="frameset"),
        pytest.param(
            b'<meta http-equiv="refresh" content="0;url=http://x"><body></body>',
            "forwards to another page", id="refresh",
        ),
        pytest.param(b"<svg><text>Law</text></svg>", "drawing", id="drawing"),
        pytest.param(
            b"<body><script>show('text')</script></body>", "from a browser", id="script-only"
        ),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_why(raw: bytes, reason: str):
    with pytest.raises(SourceError, match=reason):
        read_html(raw)


def test_a_post_block_carries_the_writer():
    blocks = read_html((DATA / "phpbb.html").read_bytes()).blocks
    assert blocks[0] == Block("post", "mia_k")
