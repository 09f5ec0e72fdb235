"""`ping`: is anybody there?"""

from chat.commands.registry import command
from chat.connection import Connection
from chat.protocol import Ping, Pong, encode


@command(Ping)
def ping(connection: Connection, frame: Ping) -> None:
    connection.push(encode(Pong(frame.id)))
