"""Who may edit: one password, a limit on wrong tries, and sessions that live in memory only."""

import hmac
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from math import ceil
from threading import Lock

from pydantic import SecretStr

SESSION_SECONDS = 8 * 60 * 60
"""A working day: nobody is asked twice, and a browser left open is no key for ever."""
MOST_SESSIONS = 20
"""The oldest one ends when one more begins, so that memory stays bounded."""

WINDOW_SECONDS = 60
TRIES_PER_CLIENT = 5
TRIES_IN_ALL = 20
"""Wrong tries within the window, from whatever address: addresses are cheap to change."""

Clock = Callable[[], float]


class TooManyTriesError(Exception):
    """The password is not even compared, right or wrong."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {seconds} seconds.")
        self.seconds = seconds


class WrongPasswordError(Exception):
    """Somebody may try again."""


class Login:
    """Lets in who knows the password. Nothing of it is stored: a restart ends every session."""

    def __init__(self, password: SecretStr, *, clock: Clock = time.monotonic) -> None:
        self._password = digest(password.get_secret_value())
        self._clock = clock
        self._lock = Lock()
        self._tries: list[tuple[float, str]] = []
        self._sessions: dict[str, float] = {}
        """When each ends, by the digest of its token."""

    def enter(self, password: str, *, client: str) -> str:
        """Begin a session; return its token.

        Raises:
            TooManyTriesError: wait before the next try.
            WrongPasswordError: it is not the password.
        """
        with self._lock:
            self._check_tries(client)
            if not hmac.compare_digest(digest(password), self._password):
                self._tries.append((self._clock(), client))
                raise WrongPasswordError("This is not the password.")
            token = secrets.token_urlsafe(32)
            self._drop_sessions()
            self._sessions[digest(token)] = self._clock() + SESSION_SECONDS
            return token

    def knows(self, token: str | None) -> bool:
        """Tell whether a session with this token is open."""
        with self._lock:
            return self._clock() < self._sessions.get(digest(token or ""), 0)

    def leave(self, token: str | None) -> None:
        """End the session, if there is one."""
        with self._lock:
            self._sessions.pop(digest(token or ""), None)

    def _check_tries(self, client: str) -> None:
        now = self._clock()
        self._tries = [(at, who) for at, who in self._tries if now < at + WINDOW_SECONDS]
        own = [at for at, who in self._tries if who == client]
        every = [at for at, _ in self._tries]
        for tries, most in ((own, TRIES_PER_CLIENT), (every, TRIES_IN_ALL)):
            if len(tries) >= most:
                raise TooManyTriesError(ceil(tries[-most] + WINDOW_SECONDS - now))

    def _drop_sessions(self) -> None:
        now = self._clock()
        running = [(key, end) for key, end in self._sessions.items() if now < end]
        self._sessions = dict(running[-(MOST_SESSIONS - 1) :])


def digest(text: str) -> str:
    """Return a text of one length for texts of any, so that comparing tells nothing by its time."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
