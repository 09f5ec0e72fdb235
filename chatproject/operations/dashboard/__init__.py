"""The first page of the admin: how the chat is, in a few queries, however much is in it."""
