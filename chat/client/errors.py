"""What can go wrong, as exceptions: each has a stable `code` for programs, and a sentence for
people."""


class ClientError(Exception):
    """The base of all below."""

    code = "error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Refused(ClientError):
    """The server's answer was an error; its codes are in docs/protocol.md."""

    PASSING = frozenset({"unavailable", "rate_limited", "unauthenticated"})
    """Codes after which the same may be asked again."""

    def __init__(self, code: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.retry_after = retry_after
        """Seconds after which it may be tried again, where the server said so."""

    @property
    def passes(self) -> bool:
        return self.code in self.PASSING


class Disconnected(ClientError):
    """The connection is lost, or was lost before the answer: perhaps it was done, perhaps not."""

    code = "disconnected"


class Unreachable(ClientError):
    """There is no chat at that address now."""

    code = "unreachable"


class SignedOut(ClientError):
    """The token is not good (any more), or the connection may not come back by itself."""

    code = "unauthenticated"


class Elsewhere(SignedOut):
    """More connections of one person than a server takes; coming back would close another."""

    code = "too_many"
