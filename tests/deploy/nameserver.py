"""A name server, as Docker's own: tells the addresses that a service's name has at the moment."""

import socket
import threading
from collections.abc import Sequence

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

SECONDS = 1
"""That an answer may be kept."""


class NameServer:
    """Whatever the name, it has `addresses`: one who scales a service changes them."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = list(addresses)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def _serve(self) -> None:
        while (asked := self._socket.recvfrom(4096))[0] != b"the end":
            question, client = asked
            self._socket.sendto(self._answer(dns.message.from_wire(question)), client)
        self._socket.close()

    def _answer(self, question: dns.message.Message) -> bytes:
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        [asked] = question.question
        if asked.rdtype == dns.rdatatype.A:
            found = dns.rrset.from_text_list(asked.name, SECONDS, "IN", "A", self.addresses)
            answer.answer.append(found)
        return answer.to_wire()

    def close(self) -> None:
        self._socket.sendto(b"the end", self._socket.getsockname())
