from collections.abc import AsyncIterator

import pytest

from bots.llm import clients
from tests.bots.llm.hearing import to
from tests.services.llm import LLM


@pytest.fixture(autouse=True)
async def loaded(llm: LLM) -> AsyncIterator[None]:
    """The package is there before a test's short time-outs begin, and nothing stays open."""
    await clients.get(to(llm))
    yield
    await clients.close()
