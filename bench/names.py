"""Names and credentials of the seeded people; the seeder and the load generator agree on them."""

SECRET = "~benchmark-only-and-as-long-as-a-real-one-00"
BUSY = "busy"
"""Has conversations with ten thousand others."""
READER = "reader"
"""Has twenty conversations, one of them very long."""
STAR = "star"
"""Knows everybody, so everybody is told when they come and go."""
AWAY = "away"
"""Has thousands of messages that no client of theirs received."""
CROWDED = "sensor1"
"""A device with ten thousand subscribers, most of whom are away."""
ATTENDED = "sensor2"
"""A device whose subscribers are all connected."""


def person(number: int) -> str:
    return f"p{number:06d}"


def pair(number: int) -> tuple[str, str]:
    """Two people who have a conversation with each other and have written nothing yet."""
    return person(2 * number), person(2 * number + 1)


def asker(number: int) -> str:
    """One who has written to no bot yet."""
    return f"a{number:06d}"


def token(name: str) -> str:
    """A token that tells its owner, so that the limit's relay need not look it up."""
    return name + SECRET


def owner(token: str) -> str:
    return token.removesuffix(SECRET)


def session(name: str) -> str:
    """A session's key: letters and digits only, as Django's own are."""
    return f"benchmark0session0{name}"[:40]


def direct(a: str, b: str) -> str:
    return "dm:" + ":".join(sorted((a, b)))
