"""One page from the web, for the command line only: https, public addresses, hard limits.

A name is resolved once, every address that it has is checked, and the connection goes to a checked
address under the name's certificate: no second look-up can lead elsewhere. Each redirect is a new
address to be checked. The address is taken apart by one strict pattern, so that no two parsers can
read it differently; proxies, cookies and credentials of this machine are not used.
"""

import codecs
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath
from queue import Empty, Queue
from threading import Thread
from urllib.parse import unquote, urljoin

import httpx

from ingest.sources import Source
from pincite.errors import SourceError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str], Sequence[str]]
"""Returns the addresses of a name; raises OSError where it has none."""

URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[!-~]*)?",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
"""A last label that makes a host an IPv4 address in some notation: 127.1, 0x7f.1, 2130706433."""
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
RELAYS = ip_network("192.88.99.0/24")

SUFFIXES: Mapping[str, str] = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_public(address: Address) -> bool:
    """Whether an address is one machine on the public internet, and says so itself.

    Addresses that carry another one inside (IPv4-mapped, 6to4, Teredo, NAT64) are not.
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return address not in RELAYS
    carries = address.ipv4_mapped or address.sixtofour or address.teredo
    return not (carries or address.is_site_local or any(address in net for net in TRANSLATED))


def system_addresses(host: str) -> list[str]:
    """Ask this machine's resolver."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may be fetched. The command line uses these defaults and offers no other."""

    schemes: tuple[str, ...] = ("https",)
    ports: Collection[int] = (443,)
    allows: Callable[[Address], bool] = is_public
    certificates: ssl.SSLContext | None = None
    """None for the usual certificate authorities."""
    largest: int = 5 * 2**20
    """Bytes."""
    seconds: float = 10
    """For everything together: names, redirects, the page."""
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address
    """The checked address that is connected to."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        standard = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == standard else f"{self.host}:{self.port}"

    @property
    def pinned(self) -> str:
        """The same with the checked address in the name's place."""
        shown = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{self.scheme}://{shown}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was fetched: as a source, and where it was found in the end."""

    source: Source
    url: str


def fetch(url: str, *, resolve: Resolve = system_addresses, rules: Rules = Rules()) -> Fetched:
    """Fetch a page, following few redirects.

    Raises:
        SourceError: the address is not allowed, or the page is none that we read; says why.
    """
    done: Queue[Fetched | Exception] = Queue()

    def work() -> None:
        try:
            done.put(_followed(url, resolve, rules))
        except (SourceError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            done.put(error)

    # In a thread, since neither a resolver nor headers that come byte by byte keep to a time limit.
    Thread(target=work, daemon=True).start()
    try:
        outcome = done.get(timeout=rules.seconds)
    except Empty:
        raise SourceError(f"{url} took longer than {rules.seconds:g} seconds") from None
    if isinstance(outcome, SourceError):
        raise outcome
    if isinstance(outcome, Exception):
        raise SourceError(f"{url} cannot be fetched: {outcome}") from outcome
    return outcome


def _followed(url: str, resolve: Resolve, rules: Rules) -> Fetched:
    ends = time.monotonic() + rules.seconds
    for _ in range(rules.redirects + 1):
        target = checked(url, resolve=resolve, rules=rules)
        found = _asked(target, rules, ends)
        if not isinstance(found, str):
            return found
        url = urljoin(target.url, found)
    raise SourceError(f"{url} was not fetched: more than {rules.redirects} redirects")


def checked(url: str, *, resolve: Resolve, rules: Rules) -> Target:
    """Take an address apart, resolve its name once, and check every address that it has.

    Raises:
        SourceError: it is not allowed.
    """
    match = URL.fullmatch(url.partition("#")[0])
    if match is None:
        raise _refused(url, "write it as https://name/path, without user name or blanks")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if scheme not in rules.schemes:
        raise _refused(url, f"only {' and '.join(rules.schemes)} pages are fetched")
    port = int(match["port"] or {"https": 443, "http": 80}[scheme])
    if port not in rules.ports:
        raise _refused(url, f"port {port} is not asked")
    addresses = [_address(url, text) for text in _addresses_of(url, host, resolve)]
    if not addresses or not all(rules.allows(address) for address in addresses):
        raise _refused(url, "it does not lead to the public internet")
    return Target(scheme, host, port, match["path"] or "/", addresses[0])


def _addresses_of(url: str, host: str, resolve: Resolve) -> Sequence[str]:
    bare = host.strip("[]")
    if host.startswith("[") or NUMBER.fullmatch(bare.rstrip(".").rpartition(".")[2]):
        return [bare]
    try:
        return resolve(bare)
    except (OSError, UnicodeError) as error:
        raise _refused(url, f"its name cannot be resolved ({error})") from error


def _address(url: str, text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise _refused(url, "its host is a number in a form that is not read") from None


def _refused(url: str, reason: str) -> SourceError:
    return SourceError(f"Address not allowed: {url[:200]!r}: {reason}")


def _asked(target: Target, rules: Rules, ends: float) -> Fetched | str:
    """Ask once; return the page, or where it says that it is.

    Raises:
        SourceError: the page cannot be used.
    """
    headers = {"Host": target.authority, "Accept-Encoding": "identity", "User-Agent": "Pincite"}
    verify = rules.certificates or httpx.create_ssl_context(trust_env=False)
    with (
        httpx.Client(verify=verify, trust_env=False, timeout=rules.seconds) as client,
        client.stream(
            "GET",
            target.pinned,
            headers=headers,
            follow_redirects=False,
            extensions={"sni_hostname": target.host},
        ) as response,
    ):
        if response.status_code in REDIRECTS:
            return str(response.headers.get("location", ""))
        suffix = _suffix(target, response)
        raw = _body(target, response, rules, ends)
    name = PurePosixPath(unquote(target.path.partition("?")[0])).stem or target.host
    charset = response.charset_encoding
    return Fetched(Source(f"{name}{suffix}", _in_utf8(raw, suffix, charset)), target.url)


def _suffix(target: Target, response: httpx.Response) -> str:
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if response.status_code != 200:
        raise SourceError(f"{target.url} answers with the status {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise SourceError(f"{target.url} is compressed although we did not ask for that")
    if kind not in SUFFIXES:
        raise SourceError(f"{target.url} is {kind or 'of no type'}; only pages, PDF and Word files")
    return SUFFIXES[kind]


def _body(target: Target, response: httpx.Response, rules: Rules, ends: float) -> bytes:
    parts = bytearray()
    for part in response.iter_raw():
        parts += part
        if len(parts) > rules.largest:
            raise SourceError(f"{target.url} is larger than {rules.largest / 2**20:g} MB")
        if time.monotonic() > ends:
            raise SourceError(f"{target.url} took longer than {rules.seconds:g} seconds")
    return bytes(parts)


def _in_utf8(raw: bytes, suffix: str, charset: str | None) -> bytes:
    """Write out the characters of a text whose encoding only the server told."""
    if suffix not in {".html", ".txt", ".md"} or charset is None:
        return raw
    try:
        if codecs.lookup(charset).name == "utf-8":
            return raw
        return codecs.BOM_UTF8 + raw.decode(charset).encode()
    except (LookupError, UnicodeError):
        return raw


def is_url(text: str) -> bool:
    """Whether an argument of the command line is meant as an address and not as a path."""
    return "://" in text
