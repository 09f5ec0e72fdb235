"""This process's name among those that make up the chat."""

import secrets

PROCESS = secrets.token_hex(8)
"""16 characters; drawn anew at each start, for a process that comes back is another one."""
