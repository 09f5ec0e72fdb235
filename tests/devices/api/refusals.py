"""Refusals of the HTTP API."""

import json

from tests.http import Answer


def refused(answer: Answer, status: int, code: str) -> str:
    """Check the refusal's status, code and form; gives its detail."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"].endswith("private")
    found = json.loads(answer.body)
    assert set(found) == {"code", "detail"}
    assert found["code"] == code
    return str(found["detail"])
