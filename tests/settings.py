"""Settings of the test run: the project's own, on a data folder that is thrown away.

The person's `.env` and `./data` play no part. The environment is put back as it was, so that a
process which a test starts sees only what that test gives it, and the project's own settings.
"""

import os
import tempfile

TEST_SECRET_KEY = "the key of the tests: sessions made here are good at their servers"
NEUTRAL = dict.fromkeys(
    (
        "ALERT_HYSTERESIS",
        "ALLOWED_HOSTS",
        "BOT_ANSWERS_IN_ALL",
        "BOT_ANSWERS_PER_PERSON",
        "BOT_ANSWER_TIMEOUT",
        "BOT_CONNECT_TIMEOUT",
        "BOT_FIRST_TOKEN_TIMEOUT",
        "BOT_PROMPT_LIMIT",
        "BOT_TOKENS_IN_ALL",
        "BOT_TOKENS_PER_PERSON",
        "CSRF_TRUSTED_ORIGINS",
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DEBUG",
        "HTTPS",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "METRICS_ALLOWED",
        "MONGO_ENGINE",
        "MONGO_URL",
        "MONGO_URL_FILE",
        "MQTT_URL",
        "MQTT_URL_FILE",
        "OPENAI_API_KEY",
        "OPENAI_API_KEY_FILE",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
        "RATE_LIMIT_BURST",
        "RATE_LIMIT_MESSAGES",
        "RECHECK_INTERVAL",
        "EDIT_WITHIN",
        "DELETE_WITHIN",
        "DOWNLOAD_DIR",
        "DOWNLOAD_KEPT",
        "RETENTION_DIRECT",
        "RETENTION_FEEDS",
        "RETENTION_ROOMS",
        "REDIS_URL",
        "REDIS_URL_FILE",
        "REGISTRATION",
        "SECRET_KEY_FILE",
        "THERMOMETER_INTERVAL",
        "TRUSTED_PROXIES",
    ),
    "",
)

_before = dict(os.environ)
os.environ.update(
    NEUTRAL, DATA_DIR=tempfile.mkdtemp(prefix="p2p-chat-tests-"), SECRET_KEY=TEST_SECRET_KEY
)
from chatproject.settings import *  # noqa: E402, F403
from chatproject.settings import DATABASES  # noqa: E402

os.environ.clear()
os.environ.update(_before, DJANGO_SETTINGS_MODULE="chatproject.settings")

DATABASE_FILES = {alias: str(database["NAME"].name) for alias, database in DATABASES.items()}
"""The files in a DATA_DIR, by alias; kept, since pytest-django renames DATABASES' own."""

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
