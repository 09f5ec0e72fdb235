"""The API: what it is made of."""

from bots.api.views import router as bots
from chat.accounts.views.api import router as accounts
from chat.api import conversations, hooks, messages, rooms
from chat.api.answering import make, urls
from chat.api.doors import DOORS
from chat.events.described import described
from chat.events.door import PATH
from devices.api.views import router as devices

PREFIX = "/v1"

api = make()
ours = (messages.router, conversations.router, rooms.router, hooks.router)
for router in (*ours, devices, bots, accounts):
    api.add_router(PREFIX, router, auth=DOORS)
api.besides = {PATH: described()}
addresses = urls(api)
