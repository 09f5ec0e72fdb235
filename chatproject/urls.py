from django.contrib import admin
from django.urls import include, path

from chat import views
from chatproject.api import addresses

urlpatterns = [
    path("", views.index, name="chat"),
    path("admin/", admin.site.urls),
    path("", include("chat.accounts.urls")),
    path("", include("devices.urls")),
    path("api/", addresses),
]
