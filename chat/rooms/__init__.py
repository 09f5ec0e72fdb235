"""Rooms: conversations that one comes into and leaves, with owners and moderators.

What changes a room runs queries and waits for the event loop to tell of it: call it from a thread
of `threads.act`, from a view, or from a command. Who asks is an account's name; what may not be
is raised as a ChatError.
"""
