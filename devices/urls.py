"""The address of devices, for people."""

from django.urls import path

from devices import pages

urlpatterns = [path("devices/", pages.dashboard, name="devices")]
