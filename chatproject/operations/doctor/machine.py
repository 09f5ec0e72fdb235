"""This machine: Python and the libraries, the data folder, open files."""

import os
import platform
import re
import resource
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings

from chatproject.operations.doctor.finding import Finding, fail, ok, warn

PYTHONS = ((3, 11), (3, 13))
OLDEST_SQLITE = (3, 31, 0)
"""What Django 5.2 supports."""
LITTLE_SPACE, NO_SPACE = 1 << 30, 100 << 20
FEW_FILES = 4096
"""Each connection is an open file."""
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs",
           "fuse.glusterfs", "fuse.rclone", "davfs", "lustre"}  # fmt: skip
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^;\s]+)", re.M)


def python() -> Iterator[Finding]:
    found = f"Python {platform.python_version()}"
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        yield ok("Python", found)
    else:
        yield warn("Python", f"{found} was not tried", "Use Python 3.11, 3.12 or 3.13.")


def libraries() -> Iterator[Finding]:
    """Those in requirements.txt, where that is at hand."""
    if not (file := settings.BASE_DIR / "requirements.txt").exists():
        return
    pins = PIN.findall(file.read_text())
    wrong = [f"{name} is {found or 'missing'}, not {wanted}"
             for name, wanted in pins if (found := _installed(name)) != wanted]  # fmt: skip
    if wrong:
        yield warn("Libraries", "; ".join(wrong), "pip install -r requirements.txt")
    else:
        yield ok("Libraries", f"all {len(pins)} are of the versions in requirements.txt")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def sqlite() -> Iterator[Finding]:
    if sqlite3.sqlite_version_info >= OLDEST_SQLITE:
        yield ok("SQLite", f"version {sqlite3.sqlite_version}")
    else:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        yield fail("SQLite", f"version {sqlite3.sqlite_version}", f"Install {oldest} or later.")


def data_folder() -> Iterator[Finding]:
    """Its mode is a system check's."""
    folder = settings.DATA_DIR
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        found = f"{free >> 20} MB are left for {folder}"
        level = fail if free < NO_SPACE else warn
        yield level("Data folder", found, "Make room, or set DATA_DIR to a larger disk.")
    else:
        yield ok("Data folder", f"{folder}, {free >> 30} GB free")
    kind = file_system_of(folder)
    if kind in NETWORK and settings.EMBEDDED:
        yield fail("Data folder", f"{folder} is on a network ({kind}): SQLite's files may break",
                   "Set DATA_DIR to a folder on a disk of this machine.")  # fmt: skip


def file_system_of(folder: Path) -> str:
    """Its kind, such as ext4; of the mounts that hold the folder, the deepest is the one."""
    path, table = folder.resolve(), Path("/proc/mounts")  # which only Linux has
    lines = table.read_text().splitlines() if table.exists() else []
    mounts = [line.split()[1:3] for line in lines]
    holding = [(len(Path(place).parts), kind) for place, kind in mounts
               if path.is_relative_to(place.replace("\\040", " "))]  # fmt: skip
    return max(holding, default=(0, "unknown"))[1]


def open_files() -> Iterator[Finding]:
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit < FEW_FILES:
        yield warn("Open files", f"at most {limit}, and each connection is one",
                   f"ulimit -n {min(most, 65536) if most > 0 else 65536}, or LimitNOFILE= in a"
                   " systemd unit.")  # fmt: skip
    else:
        yield ok("Open files", f"up to {limit}")


def root() -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield warn("User", "this is root", "Run the chat as a user who owns only DATA_DIR.")
