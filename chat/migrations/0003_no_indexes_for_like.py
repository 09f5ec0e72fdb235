"""PostgreSQL: Django makes a second index on each text that is a key, for LIKE. Nothing here asks so,
and each costs every insert: of a message's, a fifth of the server's work."""

from django.db import migrations

KEPT_IN_DEFAULT = ["Account", "Conversation", "Invite", "Membership", "Token"]


def drop_of_all(apps, schema_editor):
    for name in KEPT_IN_DEFAULT:
        drop_of(apps.get_model("chat", name)._meta.db_table, schema_editor)


def drop_of_messages(apps, schema_editor):
    drop_of(apps.get_model("chat", "Message")._meta.db_table, schema_editor)


def drop_of(table, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    for name in found:
        if name.endswith("_like"):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_title_without_control_characters")]

    operations = [
        migrations.RunPython(drop_of_all, migrations.RunPython.noop),
        migrations.RunPython(
            drop_of_messages, migrations.RunPython.noop, hints={"model_name": "message"}
        ),
    ]
