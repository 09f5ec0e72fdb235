from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        """Connect the signal that ends tokens and sockets with the old password."""
        from chat.accounts import endings  # noqa: F401
