"""`manage.py doctor`: is all well, and what to do if not."""

import json
import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from chatproject.operations.doctor.examine import examine
from chatproject.operations.doctor.finding import Finding, Level
from chatproject.operations.doctor.plan import plan

LIBRARIES = ("celery", "kombu", "psycopg.pool", "pymongo")
"""They tell of each attempt; the doctor tells of the outcome."""


class Command(BaseCommand):
    help = "Look at every setting and service, and say what to do. Exit code 1 if something fails."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in LIBRARIES:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        _without_pools()
        found = examine(plan())
        self._tell_programs(found) if options["json"] else self._tell(found)
        self.stdout.flush()
        if any(finding.level is Level.FAIL for finding in found):
            sys.exit(1)

    def _tell(self, found: list[Finding]) -> None:
        signs = {
            Level.OK: self.style.SUCCESS("ok  "),
            Level.WARN: self.style.WARNING("warn"),
            Level.FAIL: self.style.ERROR("FAIL"),
        }
        for finding in found:
            self.stdout.write(f"{signs[finding.level]}  {finding.subject}: {finding.says}")
            if finding.do:
                self.stdout.write(f"      {finding.do}")

    def _tell_programs(self, found: list[Finding]) -> None:
        well = all(finding.level is not Level.FAIL for finding in found)
        told = {"ok": well, "findings": [finding._asdict() for finding in found]}
        self.stdout.write(json.dumps(told, indent=2))


def _without_pools() -> None:
    """A pool would try for long, and then not say why it failed."""
    for alias in connections:
        connections.settings[alias].get("OPTIONS", {}).pop("pool", None)
