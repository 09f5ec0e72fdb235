from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        """Connect the signals that end tokens and sockets with the old password, and that bring
        new people into the lobby; and have a loop for whoever posts where no server runs."""
        from chat import outpost  # noqa: F401
        from chat.accounts import endings  # noqa: F401
        from chat.rooms import lobby  # noqa: F401
