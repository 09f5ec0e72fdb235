from django.apps import AppConfig


class ChatProjectConfig(AppConfig):
    """The project as an app: it brings the commands that run the chat, and its system checks."""

    name = "chatproject"

    def ready(self) -> None:
        from chatproject import checks  # noqa: F401  (registers them)
