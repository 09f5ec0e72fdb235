"""The one path of every message: submitted here, stored in groups, delivered and acked."""

from django.conf import settings

from chat.appender import Appender
from chat.delivery import deliver
from chat.store import store
from chat.writer import Writer

writer = Writer(Appender(store, alone=not settings.REDIS_URL), deliver)
