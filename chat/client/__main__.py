"""`python -m chat.client --server http://localhost:8000 alice`, or `p2p-chat …`."""

import argparse
import asyncio
import os
import sys

from chat.client import arguments, saved, signing
from chat.client.client import ChatClient
from chat.client.errors import ClientError, SignedOut
from chat.client.plain import Exit, Plain, code_of

INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell has it for SIGINT, and for SIGPIPE."""
BACKLOG = 200
"""Messages of a conversation that a screen fetches without anybody looking."""


def main() -> int:
    options = arguments.parse()
    try:
        return asyncio.run(_run(options))
    except ClientError as error:
        sys.stderr.write(f"p2p-chat: {error.detail}\n")
        return code_of(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is flushed
        return BROKEN_PIPE


async def _run(options: argparse.Namespace) -> int:
    if options.forget:
        sys.stdout.write(f"{await signing.forget(options.address, options.name)}\n")
        return Exit.OK
    if options.register:
        token = await signing.register(options.address, options.name, options.invite)
    else:
        token = await signing.token_of(options.address, options.name)
    try:
        return await _talk(options, token)
    except SignedOut as error:
        _drop(options, token, error)
        raise


async def _talk(options: argparse.Namespace, token: str) -> int:
    chat = ChatClient(
        options.address.url, options.name, token=token, ca=options.ca,
        backlog=None if options.plain else BACKLOG, patience=options.patience,
    )  # fmt: skip
    try:
        if options.plain:
            await chat.start()
            plain = Plain(chat, to=options.to, as_json=options.json, follow=options.follow)
            return await plain.run()
        from chat.client.terminal.app import run  # a pipe needs no screen

        return await run(chat, options.to)
    finally:
        await chat.close()


def _drop(options: argparse.Namespace, token: str, error: SignedOut) -> None:
    """A token that is not good is not kept: the next time asks for the password."""
    kept = saved.load(options.address, options.name)
    if kept and kept.token == token and error.code == SignedOut.code:
        saved.forget(options.address, options.name)


if __name__ == "__main__":
    sys.exit(main())
