"""The page of all devices."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """All devices that one may see. What it shows comes from `GET /api/v1/devices`."""
    return render(request, "devices/dashboard.html")
