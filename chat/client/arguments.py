"""The command line."""

import argparse
import sys
from pathlib import Path

from chat.client.address import Address
from chat.client.client import PATIENCE

SERVER = "http://localhost:8000"
KEYS = """\
Passwords are asked for. A token is kept for the next time, readable by you alone; one in
the environment, as P2P_CHAT_TOKEN, comes before it.
"""


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Exits with 2 and one line where they are not right."""
    parser = argparse.ArgumentParser(
        prog="p2p-chat", description="A chat client for the terminal.", epilog=KEYS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    _add_to(parser)
    found = parser.parse_args(arguments)
    found.name = found.name.strip().removeprefix("@").lower()
    if (found.json or found.follow) and not found.plain:
        parser.error("--json and --follow go with --plain")
    if found.json and found.to:
        parser.error("with --json, each line says whom it is to")
    if found.ca and not found.ca.is_file():
        parser.error(f"--ca: there is no file {found.ca}")
    try:
        found.address = Address.parse(found.server, found.ca)
        found.address.tls()
    except ValueError as error:
        parser.error(str(error))
    if found.address.is_readable and not found.insecure:
        _object(parser, found.address)
    return found


def _object(parser: argparse.ArgumentParser, address: Address) -> None:
    """To a password that everybody on the way can read; in a network of one's own just a word."""
    if not address.is_private:
        parser.error(f"{address.url} is not encrypted: others could read your password. Use "
                     "https://…, or --insecure if you know the network.")  # fmt: skip
    sys.stderr.write(f"p2p-chat: {address.url} is not encrypted: others in this network can read "
                     "along. (--insecure: no word of it.)\n")  # fmt: skip


def _add_to(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", help="your name in the chat")
    add("--server", default=SERVER, metavar="URL", help=f"where the chat is (default: {SERVER})")
    add("--ca", type=Path, metavar="FILE", help="certificates (PEM) to trust besides the system's")
    add("--insecure", action="store_true", help="allow http:// to another machine")
    add("--to", metavar="NAME", help="begin with “bob” or “#room”; with --plain: send all there")
    add("--register", action="store_true", help="make an account of this name first")
    add("--invite", default="", metavar="CODE", help="with --register: an invitation's code")
    add("--forget", action="store_true", help="remove and revoke the token kept here, and end")
    add("--plain", action="store_true", help="for pipes: send lines of standard input, print lines")
    add("--json", action="store_true", help="with --plain: lines are JSON, in and out")
    add(
        "--patience",
        type=float,
        default=PATIENCE,
        metavar="SECONDS",
        help=f"with --plain: how long to wait for the server at first (default: {PATIENCE:g})",
    )
    add("--follow", action="store_true", help="with --plain: go on printing at the end of input")
