"""What runs the chat: one process with its database, its background worker and a web server."""
