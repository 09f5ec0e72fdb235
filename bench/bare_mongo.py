"""What a MongoDB server takes for itself: the chat's batches by bare pymongo, and nothing else.

`python -m bench.bare_mongo` writes rows like the chat's, with the same assurance, into the same
collection (so under the same indexes), and prints the milliseconds of each batch as a JSON list.
"""

import argparse
import itertools
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import uuid_utils
from pymongo import MongoClient

COLLECTION = "chat_message"
CONVERSATIONS = 50
"""Written to in turn, as by a process to which so many send."""
BODY = "00000000 A message of about a hundred bytes, as people write them to one another all day."


def documents() -> Iterator[dict[str, Any]]:
    """Rows of conversations that nobody else writes to."""
    me = f"bare{os.getpid()}"
    for number in itertools.count():
        yield {
            "_id": str(uuid_utils.uuid7()),
            "conversation": f"dm:{me}:p{number % CONVERSATIONS:06d}",
            "seq": number // CONVERSATIONS + 1,
            "sender": me,
            "client_id": f"{me}-{number}",
            "kind": "text",
            "body": BODY,
            "data": None,
            "sent_at": datetime.now(UTC),
        }


def write(url: str, size: int, pause: float, seconds: float) -> list[float]:
    """Milliseconds of each batch of `size`; `pause` is the time from one's start to the next's."""
    rows = documents()
    times = []
    with MongoClient[dict[str, Any]](url, w="majority", journal=True) as client:
        collection = client.get_default_database()[COLLECTION]
        due = begun = time.perf_counter()
        while due < begun + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            start = time.perf_counter()
            collection.insert_many(itertools.islice(rows, size))
            end = time.perf_counter()
            times.append((end - start) * 1000)
            due = max(due + pause, end)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--size", type=int, required=True, help="rows in a batch")
    parser.add_argument("--pause", type=float, required=True, help="seconds between two starts")
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    print(json.dumps(write(options.url, options.size, options.pause, options.seconds)))


if __name__ == "__main__":
    main()
