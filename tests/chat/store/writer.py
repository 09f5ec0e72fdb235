"""A process that writes to some conversations, in batches: `python -m tests.chat.store.writer`.

Says what was acked, a JSON line for each message: client id, conversation, seq, id.
"""

import json
import os
import sys

import django

BATCH = 16


def main(name: str, sender: str, count: int, conversations: list[str]) -> None:
    from chat.appender import Appender
    from chat.posts import Post
    from chat.store import store

    appender = Appender(store, alone=False)
    for start in range(0, count, BATCH):
        posts = [
            Post(sender=sender, client_id=f"{name}-{number}", body=f"{name} {number}",
                 conversation=conversations[number % len(conversations)])
            for number in range(start, min(start + BATCH, count))
        ]  # fmt: skip
        appender.append(posts)
        for post in posts:
            assert post.message is not None, post.error
            message = post.message
            said = [post.client_id, message.conversation, message.seq, message.id]
            sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    django.setup()
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
