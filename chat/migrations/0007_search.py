from django.db import migrations

FTS5 = (
    """CREATE VIRTUAL TABLE chat_searchable USING fts5(
        words, message UNINDEXED, conversation UNINDEXED, seq UNINDEXED,
        tokenize = 'ascii', columnsize = 0, prefix = '3')""",
    # the indexer merges, in smaller steps
    "INSERT INTO chat_searchable (chat_searchable, rank) VALUES ('automerge', 0)",
)
POSTGRES = (
    """CREATE TABLE chat_searchable (
        number bigint PRIMARY KEY, message varchar(36) NOT NULL,
        conversation varchar(80) NOT NULL, seq bigint NOT NULL, words tsvector NOT NULL)""",
    # what is new waits in a list that every search looks through: a short one
    """CREATE INDEX chat_searchable_words ON chat_searchable
        USING gin (words) WITH (gin_pending_list_limit = 256)""",
)


def make_index(apps, schema_editor):
    """Empty; the indexer fills it from the messages."""
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else FTS5
    for statement in statements:
        schema_editor.execute(statement)


def unmake_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE chat_searchable")
    apps.get_model("chat", "Conversation").objects.update(indexed_seq=0)


class Migration(migrations.Migration):
    dependencies = [("chat", "0006_lobby")]

    operations = [
        migrations.RunPython(make_index, unmake_index, hints={"model_name": "conversation"})
    ]
