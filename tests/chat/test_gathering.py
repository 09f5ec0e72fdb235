"""Questions asked while one runs are answered together by the next."""

import asyncio
import threading

from chat.gathering import Gathering


class Query:
    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, keys: list[int]) -> list[str]:
        self.asked.append(keys)
        assert self.go.wait(10)
        return [f"answer {key}" for key in keys]


async def gather(gathering: Gathering, *keys: int) -> list[asyncio.Task]:
    tasks = [asyncio.create_task(gathering.get(key)) for key in keys]
    await asyncio.sleep(0)
    return tasks


async def test_who_asks_meanwhile_shares_the_next_query():
    query = Query()
    gathering = Gathering(query)
    first = await gather(gathering, 0)
    await asyncio.sleep(0)  # the first query is under way
    rest = await gather(gathering, *range(1, 100), 5)
    query.go.set()
    answers = await asyncio.gather(*first, *rest)
    assert answers == [f"answer {key}" for key in (*range(100), 5)]
    assert [len(keys) for keys in query.asked] == [1, 99]


async def test_a_query_is_never_too_large():
    query = Query()
    query.go.set()
    gathering = Gathering(query, at_once=50)
    await asyncio.gather(*await gather(gathering, *range(150)))
    assert max(len(keys) for keys in query.asked) == 50


async def test_a_failure_is_everybodys_and_the_next_question_is_asked_anew():
    def fail_once(keys: list[int]) -> list[int]:
        calls.append(keys)
        if len(calls) == 1:
            raise OSError("away")
        return keys

    calls: list[list[int]] = []
    gathering = Gathering(fail_once)
    results = await asyncio.gather(gathering.get(1), gathering.get(2), return_exceptions=True)
    assert [type(result) for result in results] == [OSError, OSError]
    assert await gathering.get(1) == 1


async def test_who_gives_up_takes_nobody_along():
    query = Query()
    gathering = Gathering(query)
    one, other = await gather(gathering, 1, 1)
    one.cancel()
    query.go.set()
    assert await other == "answer 1"
