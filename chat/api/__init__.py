"""The API: what programs do over HTTP, by the same code and under the same rules as the socket.

An operation takes one of the socket's own requests (`chat/protocol.py`), from the path, the query
and the JSON of a request to HTTP; django-ninja finds the operation, asks who it is, and describes
all in OpenAPI.
"""
