from django.db import migrations
from django.utils import timezone

LOBBY = "room:lobby"


def make_lobby(apps, schema_editor):
    """The lobby, with everybody in it."""
    now = timezone.now()
    Conversation = apps.get_model("chat", "Conversation")
    Conversation.objects.create(id=LOBBY, kind="room", last_at=now)
    apps.get_model("chat", "Room").objects.create(conversation_id=LOBBY, title="Lobby")
    people = apps.get_model("chat", "Account").objects.filter(kind="person", deleted_at=None)
    Membership = apps.get_model("chat", "Membership")
    Membership.objects.bulk_create(
        (
            Membership(account_id=name, conversation_id=LOBBY, joined_at=now)
            for name in people.values_list("name", flat=True).iterator()
        ),
        batch_size=1000,
    )


def unmake_lobby(apps, schema_editor):
    apps.get_model("chat", "Conversation").objects.filter(kind="room").delete()


class Migration(migrations.Migration):
    dependencies = [("chat", "0005_rooms")]

    operations = [migrations.RunPython(make_lobby, unmake_lobby, hints={"model_name": "room"})]
