"""The event stream: the socket's frames for programs that want no WebSocket, resumable.

It is Server-Sent Events (WHATWG HTML, 9.2) over a connection like any other of the hub's. What a
client of the socket does for itself is done for it here: each conversation's messages come in their
order, each once, without a hole.
"""
