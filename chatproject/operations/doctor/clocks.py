"""Whether a server's clock and this machine's agree."""

from collections.abc import Iterator

from chatproject.operations.doctor.finding import Finding, fail, ok, warn

WARN_ABOVE = 1.0
FAIL_ABOVE = 60.0
"""Seconds: see CLOCKS_DIFFER in chatproject/slots.py."""
SYNCHRONISE = "Synchronise the clocks of all machines, by chrony or systemd-timesyncd."


def compare(subject: str, theirs: float, before: float, after: float) -> Iterator[Finding]:
    """`theirs` was read between `before` and `after`; all are seconds since 1970."""
    apart = max(before - theirs, theirs - after, 0.0)
    if apart > FAIL_ABOVE:
        yield fail(subject, f"its clock and this machine's are {apart:.0f} s apart", SYNCHRONISE)
    elif apart > WARN_ABOVE:
        yield warn(subject, f"its clock and this machine's are {apart:.1f} s apart", SYNCHRONISE)
    else:
        yield ok(subject, "its clock agrees with this machine's")
