"""The address of bots: JSON for pages and programs."""

from django.urls import path

from bots.api import views as api

urlpatterns = [path("api/v1/bots/<str:name>", api.bot, name="api-bot")]
