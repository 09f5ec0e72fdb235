from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "devices"

    def ready(self) -> None:
        """Tell the chat what it needs to know of devices: that they are there, and answer."""
        from chat import handlers
        from chat.models import Account
        from devices import contacts, desk, holdings, rooms  # noqa: F401

        handlers.register(Account.Kind.DEVICE.value, desk.attend)
