"""A clock that is wrong, by Debian's libfaketime; how fast time passes stays true."""

from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
NO_FAKETIME = "libfaketime is not installed here; on Debian: apt install libfaketime"


def library() -> Path | None:
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])]
    return found[0] if found else None


def ahead(seconds: int) -> dict[str, str]:
    """The environment of a process whose clock is `seconds` ahead."""
    found = library()
    assert found is not None, NO_FAKETIME
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME": f"+{seconds}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(Path(__file__).with_name("ahead")),
    }
