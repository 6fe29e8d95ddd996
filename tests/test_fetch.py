"""A page from the web: which addresses are asked, which never, and what may come back."""

import shutil
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ingest.__main__ import app
from ingest.fetch import Rules, checked, fetch, is_public, is_url
from pincite.errors import SourceError

PUBLIC = "93.184.215.14"
NAMES = {
    "example.org": [PUBLIC],
    "six.example": ["2606:4700::1111"],
    "xn--mnchen-3ya.example": [PUBLIC],
    "home.example": ["127.0.0.1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "mixed6.example": [PUBLIC, "::1"],
    "nothing.example": [],
    "mapped.example": ["::ffff:127.0.0.1"],
    "scoped.example": ["fe80::1%eth0"],
    "localhost": ["127.0.0.1"],
}


def resolve(name):
    """Answer as a resolver does, from a table."""
    if name not in NAMES:
        raise OSError("no such name")
    return NAMES[name]


PORT = "<port of the canary>"
REFUSED = [
    # another scheme, or none
    "http://example.org/", "file:///etc/passwd", "ftp://example.org/a", "gopher://example.org/",
    "example.org/a", "//example.org/a", "https:example.org", "https:///a", "",
    # credentials, blanks, another port, what two parsers read differently
    "https://user@example.org/", "https://user:secret@example.org/",
    "https://example.org@127.0.0.1/", "https://127.0.0.1\\@example.org/",
    "https://example.org/a b", "https://example.org/\r\nHost: localhost",
    " https://example.org/", "https://example.org:22/", f"https://127.0.0.1:{PORT}/",
    "https://exa%6dple.org/", "https://１２７.0.0.1/",
    # this machine and its neighbours, as numbers
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://127.0.0.1./", "https://0.0.0.0/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/", "https://224.0.0.1/", "https://240.0.0.1/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/",
    "https://[fc00::1]/", "https://[ff02::1]/", "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/", "https://[fe80::1%25eth0]/",
    # names that lead there
    "https://localhost/", "https://home.example/", "https://mixed.example/",
    "https://mixed6.example/", "https://mapped.example/", "https://scoped.example/",
    "https://nothing.example/", "https://unknown.example/",
]  # fmt: skip


class Canary(BaseHTTPRequestHandler):
    """Serves a few pages and counts who asks."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in body:
            self.wfile.write(part)

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def serving(certificates=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    server.asked, server.pages = [], {}
    if certificates:
        server.socket = certificates.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def canary():
    with serving() as server:
        yield server


@pytest.fixture
def rules(canary):
    """Rules that let this test, and nothing but a test, ask the canary on this machine."""
    return Rules(
        schemes=("http",),
        ports=(canary.server_port,),
        allows=lambda address: address.is_loopback,
        largest=1000,
        seconds=5,
    )


@pytest.fixture
def get(canary, rules):
    """Fetch a path of the canary under a name of its own."""

    def ask(path, **changes):
        return fetch(
            f"http://site.example:{canary.server_port}{path}",
            resolve=lambda name: {"site.example": ["127.0.0.1"]}.get(name, []),
            rules=replace(rules, **changes),
        )

    return ask


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_there_are_forty_addresses_and_more():
    assert len(set(REFUSED)) >= 40


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_allowed_is_never_asked(canary, url):
    url = url.replace(PORT, str(canary.server_port))
    with pytest.raises(SourceError, match=r"Address not allowed: .*: \w+"):
        fetch(url, resolve=resolve)
    assert canary.asked == []


@pytest.mark.parametrize(
    ("url", "pinned"),
    [
        pytest.param("https://example.org", f"https://{PUBLIC}:443/", id="name"),
        pytest.param("HTTPS://Example.ORG:443/A?b#c", f"https://{PUBLIC}:443/A?b", id="fragment"),
        pytest.param("https://six.example/a", "https://[2606:4700::1111]:443/a", id="ipv6"),
        pytest.param("https://xn--mnchen-3ya.example/", f"https://{PUBLIC}:443/", id="idna"),
        pytest.param("https://8.8.8.8/", "https://8.8.8.8:443/", id="number"),
    ],
)
def test_an_allowed_name_is_connected_to_by_its_checked_address(url, pinned):
    assert checked(url, resolve=resolve, rules=Rules()).pinned == pinned


def test_a_name_is_resolved_once():
    asked = []

    def changing(name):
        asked.append(name)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    target = checked("https://rebinding.example/", resolve=changing, rules=Rules())
    assert (asked, str(target.address)) == (["rebinding.example"], PUBLIC)


def test_the_rules_of_the_command_line_are_strict():
    rules = Rules()
    assert (rules.schemes, rules.ports, rules.allows) == (("https",), (443,), is_public)
    assert (rules.largest, rules.seconds, rules.redirects) == (5 * 2**20, 10, 3)


class TestAnswers:
    def test_a_page_comes_as_a_source(self, get, canary):
        canary.pages["/advice/my-page.php?x=1"] = (200, HTML, [b"<p>Hello</p>"])
        fetched = get("/advice/my-page.php?x=1")
        assert (fetched.source.name, fetched.source.raw) == ("my-page.html", b"<p>Hello</p>")
        assert fetched.url.endswith("/advice/my-page.php?x=1")
        assert canary.asked == [("/advice/my-page.php?x=1", f"site.example:{canary.server_port}")]

    def test_a_redirect_is_followed(self, get, canary):
        canary.pages["/old"] = (301, {"Location": "/new"}, [])
        canary.pages["/new"] = (200, HTML, [b"x"])
        assert get("/old").url.endswith("/new")

    @pytest.mark.parametrize(
        "location",
        [
            "http://127.0.0.1:1/", "http://[::1]:1/", "http://elsewhere.example/", "file:///etc/passwd",
            "https://site.example/", "//user@site.example/", "http://2130706433/", "",
        ],
    )  # fmt: skip
    def test_a_redirect_is_checked_like_an_address(self, get, canary, location):
        canary.pages["/old"] = (302, {"Location": location}, [])
        with pytest.raises(SourceError):
            get("/old", redirects=1)
        assert {path for path, _ in canary.asked} == {"/old"}

    @pytest.mark.parametrize(("hops", "asked"), [(3, 4), (4, 4)])
    def test_three_redirects_are_followed_and_no_more(self, get, canary, hops, asked):
        for n in range(hops):
            canary.pages[f"/{n}"] = (302, {"Location": f"/{n + 1}"}, [])
        canary.pages[f"/{hops}"] = (200, HTML, [b"x"])
        outcome = _said(lambda: get("/0").source.name)
        assert ("more than 3 redirects" in outcome) is (hops == 4)
        assert len(canary.asked) == asked

    @pytest.mark.parametrize(
        ("status", "headers", "complaint"),
        [
            pytest.param(404, HTML, "answers with the status 404", id="missing"),
            pytest.param(200, {}, "is of no type", id="no-type"),
            pytest.param(200, {"Content-Type": "image/png"}, "is image/png", id="picture"),
            pytest.param(200, HTML | {"Content-Encoding": "gzip"}, "compressed", id="packed"),
        ],
    )
    def test_what_is_no_page_is_refused(self, get, canary, status, headers, complaint):
        canary.pages["/a"] = (status, headers, [b"x"])
        with pytest.raises(SourceError, match=complaint):
            get("/a")

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("text/plain", "a.txt"),
            ("application/pdf", "a.pdf"),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"),
        ],
    )
    def test_the_name_ends_as_the_server_says(self, get, canary, kind, name):
        canary.pages["/a"] = (200, {"Content-Type": kind}, [b"x"])
        assert get("/a").source.name == name

    def test_an_encoding_that_only_the_server_knows_is_written_out(self, get, canary):
        canary.pages["/a"] = (200, {"Content-Type": "text/plain; charset=iso-8859-1"}, [b"caf\xe9"])
        assert get("/a").source.raw.decode("utf-8-sig") == "café"

    @pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
    def test_a_page_may_be_so_large_and_no_larger(self, get, canary, size, fits):
        canary.pages["/a"] = (200, HTML, [b"x"] * size)
        outcome = _said(lambda: str(len(get("/a").source.raw)))
        assert outcome == "1000" if fits else "is larger than" in outcome

    def test_an_endless_page_ends(self, get, canary):
        canary.pages["/a"] = (200, HTML, (b"x" * 100 for _ in iter(int, 1)))
        with pytest.raises(SourceError, match="is larger than"):
            get("/a")

    def test_a_slow_page_is_given_up_in_time(self, get, canary):
        canary.pages["/a"] = (200, HTML, (time.sleep(0.05) or b"x" for _ in range(100)))
        began = time.monotonic()
        with pytest.raises(SourceError, match=r"took longer than 0\.5 seconds"):
            get("/a", seconds=0.5)
        assert time.monotonic() - began < 2

    def test_a_resolver_that_hangs_is_given_up_in_time(self):
        began = time.monotonic()
        with pytest.raises(SourceError, match=r"took longer than 0\.2 seconds"):
            fetch(
                "https://a.example/",
                resolve=lambda _: time.sleep(1) or [],
                rules=Rules(seconds=0.2),
            )
        assert time.monotonic() - began < 0.8

    def test_a_proxy_of_this_machine_is_not_used(self, get, canary, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        canary.pages["/a"] = (200, HTML, [b"x"])
        assert get("/a").source.raw == b"x"

    def test_a_server_that_is_not_there_is_said_so(self, rules):
        with pytest.raises(SourceError, match="cannot be fetched"):
            fetch(
                "http://site.example:1/",
                resolve=lambda _: ["127.0.0.1"],
                rules=replace(rules, ports=(1,)),
            )


def _said(act):
    """Return what an act gives, or the complaint."""
    try:
        return act()
    except SourceError as error:
        return str(error)


@pytest.fixture
def certificate(tmp_path):
    """A certificate for `site.example` and the authority that trusts it."""
    openssl = shutil.which("openssl") or pytest.skip("makes its certificate with openssl")
    names = ("-subj", "/CN=site.example", "-addext", "subjectAltName=DNS:site.example")
    request = "req -x509 -newkey rsa:2048 -nodes -days 1 -keyout key -out crt"
    subprocess.run(
        [openssl, *request.split(), *names],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    return context, ssl.create_default_context(cafile=tmp_path / "crt")


@pytest.mark.parametrize(
    ("host", "complaint"),
    [
        pytest.param("site.example", "", id="its-name"),
        pytest.param("other.example", "certificate verify failed", id="another-name"),
    ],
)
def test_the_certificate_must_be_that_of_the_name(certificate, host, complaint):
    context, trusted = certificate
    with serving(context) as server:
        server.pages["/a"] = (200, HTML, [b"x"])
        rules = Rules(
            ports=(server.server_port,), allows=lambda a: a.is_loopback, certificates=trusted
        )
        outcome = _said(
            lambda: fetch(
                f"https://{host}:{server.server_port}/a",
                resolve=lambda _: ["127.0.0.1"],
                rules=rules,
            ).source.raw.decode()
        )
        assert complaint in outcome
        assert (outcome == "x") is (host == "site.example")


@pytest.mark.parametrize(
    ("argument", "is_one"),
    [("https://a.example/b", True), ("http://a", True), ("a/b.md", False), ("C:\\a.md", False)],
)
def test_an_address_is_told_from_a_path(argument, is_one):
    assert is_url(argument) is is_one


@pytest.mark.parametrize("command", ["add", "preview"])
def test_the_command_line_never_asks_this_machine(run, canary, command):
    done = run(app, command, f"https://127.0.0.1:{canary.server_port}/", "--json")
    assert "Address not allowed" in done.out
    assert (done.code, canary.asked) == (1, [])
