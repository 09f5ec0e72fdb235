from django.apps import AppConfig


class BotsConfig(AppConfig):
    name = "bots"

    def ready(self) -> None:
        """Tell the chat what it needs to know of bots: that they are there, and answer."""
        from bots import contacts, desk, holdings  # noqa: F401
        from chat import handlers
        from chat.models import Account

        handlers.register(Account.Kind.BOT.value, desk.attend)
