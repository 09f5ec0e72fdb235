"""The doctor's parts: no check holds up or hides another; clocks; what is looked at by itself."""

import threading
import time
from pathlib import Path

import pytest

from chatproject.operations.doctor import clocks, examine, machine
from chatproject.operations.doctor.configuration import mistyped
from chatproject.operations.doctor.examine import Check
from chatproject.operations.doctor.finding import Level, ok

NOW = 1_800_000_000.0


def test_a_check_that_hangs_or_fails_is_a_finding_among_the_others(monkeypatch):
    monkeypatch.setattr(examine, "WITHIN", 3.0)  # the others are done by then, on any machine
    over = threading.Event()

    def hang():
        yield ok("hanging", "so far so good")
        over.wait(60)

    def fail():
        yield ok("failing", "so far so good")
        raise ConnectionRefusedError("nobody listens\nIs the server running?")

    began = time.monotonic()
    found = examine.examine(
        [Check("hanging", hang, "Wait."), Check("failing", fail, "Start it."),
         Check("well", lambda: [ok("well", "all is")], "")]
    )  # fmt: skip
    assert time.monotonic() - began < 30
    over.set()
    assert [(f.level, f.subject, f.says, f.do) for f in found] == [
        (Level.FAIL, "hanging", "no answer within 3 s", "Wait."),
        (Level.OK, "failing", "so far so good", ""),
        (Level.FAIL, "failing", "nobody listens", "Start it."),
        (Level.OK, "well", "all is", ""),
    ]


@pytest.mark.parametrize(
    ("apart", "level"),
    [(0.0, "ok"), (0.9, "ok"), (-0.9, "ok"), (1.5, "warn"), (-30.0, "warn"), (61.0, "fail"),
     (-3600.0, "fail")],
)  # fmt: skip
def test_clocks(apart, level):
    [finding] = clocks.compare("It", NOW + apart, NOW, NOW)
    assert finding.level == level


def test_what_an_answer_took_is_no_difference_of_clocks():
    [finding] = clocks.compare("It", NOW, NOW - 5, NOW + 5)
    assert finding.level == "ok"


def test_the_file_system_of_a_folder(tmp_path):
    assert machine.file_system_of(Path("/proc/self")) == "proc"
    assert machine.file_system_of(tmp_path) not in ("proc", "unknown")


def test_a_mistyped_variable(tmp_path):
    (tmp_path / ".env").write_text("ALOWED_HOSTS=a\nHTTPS=on\nSOMETHING_ELSE=1\n")
    (tmp_path / ".env.example").write_text("#ALLOWED_HOSTS=localhost\n#HTTPS=off\n")
    [finding] = mistyped(tmp_path / ".env", tmp_path / ".env.example")
    assert (finding.says, finding.do) == ("nothing reads ALOWED_HOSTS", "Is ALLOWED_HOSTS meant?")
