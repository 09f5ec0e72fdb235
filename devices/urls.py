"""The addresses of devices: JSON for devices, pages and programs."""

from django.urls import path

from devices import pages
from devices.api import views as api

urlpatterns = [
    path("devices/", pages.dashboard, name="devices"),
    path("api/v1/devices", api.devices, name="api-devices"),
    path("api/v1/devices/<str:name>/readings", api.readings, name="api-device-readings"),
]
