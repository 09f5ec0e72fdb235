from django.apps import AppConfig


class ChatProjectConfig(AppConfig):
    """The project as an app: it brings the commands that run the chat, and its system checks."""

    name = "chatproject"
