"""The "Advanced" part of the join page: the way to another server's join page."""

import ipaddress
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

DEFAULT_PORT = 8000
HOST_HELP = "A name or an address, like chat.example.org or 192.168.1.20."
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_PREFIX = re.compile(r"(https?)://(.*)\Z", re.IGNORECASE)


class ServerForm(forms.Form):
    """Host and port. Nothing else can be given: no path, no user, no scheme but http and https."""

    host = forms.CharField(
        label="Server",
        max_length=262,
        help_text=HOST_HELP,
        error_messages={"required": f"Type the server. {HOST_HELP}"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    port = forms.IntegerField(
        label="Port",
        min_value=1,
        max_value=65535,
        initial=DEFAULT_PORT,
        error_messages={
            "required": "Type the port, a number from 1 to 65535.",
            "invalid": "The port is a number from 1 to 65535.",
        },
    )

    def clean_host(self) -> str:
        """The host as it stands in a URL; what stood before it decides http or https."""
        typed = self.cleaned_data["host"]
        prefix = _PREFIX.match(typed)
        self.scheme = prefix[1].lower() if prefix else ""
        return url_host((prefix[2] if prefix else typed).removesuffix("/"))

    def url(self) -> str:
        """The other server's join page."""
        host, port = self.cleaned_data["host"], self.cleaned_data["port"]
        scheme = self.scheme or ("https" if port == 443 else "http")
        return f"{scheme}://{host}:{port}/join/"


def url_host(typed: str) -> str:
    """A DNS name in ASCII, an IPv4 address, or an IPv6 one in brackets.

    Raises ValidationError for all else.
    """
    bare = typed[1:-1] if typed.startswith("[") and typed.endswith("]") else typed
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return _dns_name(typed)
    return str(address) if address.version == 4 else f"[{_without_zone(address)}]"


def _without_zone(address: Any) -> str:
    if address.scope_id:
        raise ValidationError("An address with a zone (%) cannot be opened by a browser.")
    return str(address)


def _dns_name(typed: str) -> str:
    try:
        name = typed.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if len(name) > 253 or not all(map(_LABEL.match, labels)) or labels[-1].isdigit():
        raise ValidationError(f"This is not the name of a server. {HOST_HELP}")
    return name
