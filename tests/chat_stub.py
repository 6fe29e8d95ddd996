"""A chat model's server that obeys its test: real HTTP on loopback, OpenAI's protocol, any answer.

If what is shown is right with this model, it is right with any.
"""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENDLESS = 10**9


@dataclass(frozen=True)
class Reply:
    """One answer, and the manner of giving it."""

    text: str = ""
    """What the model writes; in a stream `piece` characters at a time."""
    piece: int = 7
    status: int = 200
    raw: bytes | None = None
    """A whole body instead, whatever it is: an error, a page, garbage."""
    content_type: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()
    events: Sequence[bytes] | None = None
    """The server-sent events instead, as they stand."""
    write: int | None = None
    """Bytes that leave at once, so that characters and events are torn apart."""
    pause: float = 0.0
    """Seconds between two pieces."""
    wait: float = 0.0
    """Seconds before anything is said."""
    repeat: int = 1
    stall_after: int | None = None
    """Pieces after which nothing more comes, and the connection stays open ..."""
    keep_alive: bool = False
    """... but for comments, as servers send them so that nobody hangs up."""
    drop_after: int | None = None
    """Pieces after which the connection breaks."""


def claims(*found: tuple[str, Sequence[tuple[int, str]]], **more: Any) -> str:
    """Return an answer in the form that is asked for."""
    listed = [
        {"text": text, "quotes": [{"source": n, "quote": quote} for n, quote in quotes]}
        for text, quotes in found
    ]
    return json.dumps({"claims": listed, **more}, ensure_ascii=False)


def error(message: str, *, code: str | int | None = None, kind: str = "error") -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "code": code}}).encode()


@dataclass
class ChatStub:
    """Gives its replies in turn, the last one for ever; remembers what it was asked."""

    replies: Sequence[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """Every path that anybody asked for, whatever the body."""
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when whoever asked has left in the middle of an answer."""
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "ChatStub":
        stub = self

        class Handler(_Handler):
            owner = stub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """As `PINCITE_CHAT_BASE_URL` takes it."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def prompts(self) -> list[str]:
        """All messages of each request, as one text."""
        return ["\n".join(m["content"] for m in r["messages"]) for r in self.requests]

    def next_reply(self) -> Reply:
        return self.replies[min(len(self.requests), len(self.replies)) - 1]


class _Handler(BaseHTTPRequestHandler):
    owner: ChatStub
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self.owner.called.append(self.path)
        body = json.dumps({"object": "list", "data": [{"id": "stub", "object": "model"}]}).encode()
        self._whole(200 if self.path == "/v1/models" else 404, body, "application/json")

    def do_POST(self) -> None:
        self.owner.called.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.owner.requests.append(body)
        self.owner.headers.append({k.lower(): v for k, v in self.headers.items()})
        reply = self.owner.next_reply()
        self.owner.closing.wait(reply.wait)
        try:
            if self.path != "/v1/chat/completions":
                self._whole(404, b'{"error":{"message":"not here"}}', "application/json")
            elif reply.raw is not None or reply.status != 200:
                self._whole(reply.status, reply.raw or b"", reply.content_type, reply.headers)
            elif body.get("stream"):
                self._stream(reply)
            else:
                self._whole(200, _completion(reply.text), "application/json")
        except OSError:
            self.owner.hung_up.set()
            self.close_connection = True

    def _whole(
        self, status: int, body: bytes, kind: str, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(_events(reply)):
            if number == reply.stall_after:
                self._stall(reply)
                return
            if number == reply.drop_after:
                self.close_connection = True
                return
            self._send(event, reply.write)
            if reply.pause:
                time.sleep(reply.pause)
            if self.owner.closing.is_set():
                break
        self.wfile.write(b"0\r\n\r\n")

    def _stall(self, reply: Reply) -> None:
        while not self.owner.closing.wait(0.1):
            if reply.keep_alive:
                self._send(b": still here\n\n", None)
        self.close_connection = True

    def _send(self, event: bytes, size: int | None) -> None:
        size = size or len(event)
        for start in range(0, len(event), size):
            piece = event[start : start + size]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _events(reply: Reply) -> Iterator[bytes]:
    if reply.events is not None:
        yield from reply.events
        return
    yield _event({"role": "assistant", "content": ""})
    for _ in range(reply.repeat):
        for start in range(0, len(reply.text), reply.piece):
            yield _event({"content": reply.text[start : start + reply.piece]})
    yield _event({}, finish="stop")
    yield b"data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "stub",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "stub",
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {
            "id": "stub",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        },
        ensure_ascii=False,
    ).encode()
