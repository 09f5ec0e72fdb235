"""The servers that the chat stands on, real ones, for tests: each a process of its own."""
