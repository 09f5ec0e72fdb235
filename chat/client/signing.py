"""How a program of a person gets its token: from the environment, from the last time, or for a
password, which is asked for and never a part of the command."""

import getpass
import os
import platform
import secrets
import sys
from pathlib import Path

from chat.client import accounts, saved
from chat.client.address import Address
from chat.client.errors import ClientError, Refused, SignedOut
from chat.client.saved import Saved

TOKEN = "P2P_CHAT_TOKEN"  # noqa: S105  the name of a variable
NO_TERMINAL = (
    "There is no terminal to ask for the password. Run this once on one, or give a token in the "
    f"environment, as {TOKEN}."
)


async def token_of(address: Address, name: str) -> str:
    """A token, asked for where there is none. Raises SignedOut, Refused, Unreachable."""
    if given := os.environ.get(TOKEN):
        return given
    if found := saved.load(address, name):
        return found.token
    return await sign_in(address, name)


async def sign_in(address: Address, name: str) -> str:
    """Ask for the password, and keep the token."""
    password = ask(f"Password of {name} at {address.url}: ")
    label = f"p2p-chat on {platform.node()[:40]}, {secrets.token_hex(4)}"
    return await _keep(address, name, await accounts.sign_in(address, name, password, label), label)


async def register(address: Address, name: str, invite: str = "") -> str:
    """Make an account, with a password that is asked for twice."""
    password = ask(f"A password for the new account {name} at {address.url}: ")
    if ask("The same again: ") != password:
        raise Refused("invalid", "The two passwords differ.")
    return await _keep(address, name, await accounts.register(address, name, password, invite), "")


async def _keep(address: Address, name: str, token: str, label: str) -> str:
    number = await accounts.number_of(address, token, label)
    try:
        saved.save(address, name, Saved(token, number))
    except OSError as error:
        sys.stderr.write(f"The token can't be kept: {error.strerror}.\n")
    return token


async def forget(address: Address, name: str) -> str:
    """Remove the token kept here, and revoke it; says what was done."""
    found = saved.load(address, name)
    if found is None:
        return f"There is no token of {name} for {address.url}."
    saved.forget(address, name)
    if found.number is None:
        return "Removed. Revoke it on the account page, too."
    try:
        await accounts.revoke(address, found.token, found.number)
    except SignedOut:
        return "Removed; it was not good any more."
    except ClientError as error:
        return f"Removed, but not revoked: {error.detail} Revoke it on the account page."
    return "Removed and revoked."


def ask(question: str) -> str:
    """A password, from the terminal even where standard input is not one. Raises SignedOut where
    there is no terminal."""
    terminal = Path("/dev/tty") if os.name == "posix" else None
    try:
        if terminal:
            terminal.open("r+b", buffering=0).close()
        return getpass.getpass(question)
    except (OSError, EOFError):
        raise SignedOut(NO_TERMINAL) from None
