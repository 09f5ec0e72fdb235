import gc

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

# From here, the first app that is loaded, to its `ready`, where all models are: next to nothing
# of what is made in between is garbage, and to look for it is a tenth of the time of a start.
gc.disable()


class ChatProjectConfig(AppConfig):
    """The project as an app: it brings the commands that run the chat, and its system checks."""

    name = "chatproject"

    def ready(self) -> None:
        gc.freeze()
        gc.enable()
        from chatproject import checks  # noqa: F401  (registers them)
        from chatproject.databases import make_schema

        pre_migrate.connect(make_schema, sender=self)
