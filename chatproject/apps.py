from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class ChatProjectConfig(AppConfig):
    """The project as an app: it brings the commands that run the chat, and its system checks."""

    name = "chatproject"

    def ready(self) -> None:
        from chatproject import checks  # noqa: F401  (registers them)
        from chatproject.databases import make_schema

        pre_migrate.connect(make_schema, sender=self)
