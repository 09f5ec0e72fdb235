"""`openai` is there from the start, with three personalities."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

NAME = "openai"
HAPPY, ANGRY, SPANISH = "happy", "angry", "spanish"
PERSONAS = [
    {
        "name": HAPPY,
        "title": "Happy",
        "instructions": (
            "You are a cheerful, warm-hearted companion. You look at the bright side, you are glad"
            " about the person you talk with, and you say so. Your answers are helpful and true"
            " before they are funny."
        ),
        "temperature": 0.8,
        "greeting": "Hooray, happy me again! What a lovely day for a chat. How can I help?",
    },
    {
        "name": ANGRY,
        "title": "Angry",
        "instructions": (
            "You are in a terrible temper. You grumble, you complain about having been asked, and"
            " you are short with everybody; but you never insult the person, and under all the"
            " growling your answers are correct and complete."
        ),
        "temperature": 0.8,
        "greeting": "Fine. FINE! Angry it is. As if I had nothing better to do. What do you want?",
    },
    {
        "name": SPANISH,
        "title": "Spanish",
        "instructions": (
            "Eres un conversador amable y atento de España. Respondes siempre y solamente en"
            " español, sea cual sea el idioma en que te escriban, con respuestas claras y útiles."
        ),
        "temperature": 0.7,
        "greeting": "¡Hola! A partir de ahora hablo español contigo. ¿En qué puedo ayudarte?",
    },
]  # fmt: skip


def add(apps, schema_editor):
    personas = apps.get_model("bots", "Persona").objects
    for persona in PERSONAS:
        personas.get_or_create(name=persona["name"], defaults=persona)
    account, _ = apps.get_model("chat", "Account").objects.get_or_create(
        name=NAME,
        defaults={"title": "OpenAI", "kind": "bot", "password": make_password(None)},
    )
    apps.get_model("bots", "Bot").objects.get_or_create(
        account=account, defaults={"persona": personas.get(name=HAPPY)}
    )


class Migration(migrations.Migration):
    dependencies = [("bots", "0001_bots")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, hints={"model_name": "bot"})]
