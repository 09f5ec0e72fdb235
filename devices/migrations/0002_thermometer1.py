"""`thermometer1` is there from the start: a simulated thermometer, seen by everybody."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

NAME = "thermometer1"
LOWEST, HIGHEST = -10.0, 40.0
SEED = 20_000


def add(apps, schema_editor):
    account, _ = apps.get_model("chat", "Account").objects.get_or_create(
        name=NAME,
        defaults={"title": "Thermometer 1", "kind": "device", "password": make_password(None)},
    )
    apps.get_model("chat", "Conversation").objects.get_or_create(
        id=f"device:{NAME}", defaults={"kind": "device"}
    )
    apps.get_model("devices", "Device").objects.get_or_create(
        account=account,
        defaults={
            "kind": "thermometer", "unit": "°C", "lowest": LOWEST, "highest": HIGHEST,
            "simulated": True, "seed": SEED,
        },
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_devices")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, hints={"model_name": "device"})]
