"""Forms of the admin's pages on devices."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from chat.accounts.registration import check_name
from chat.accounts.titles import validate_title
from chat.models import Account
from chat.models.account import TITLE_MAX
from chat.protocol import ChatError
from devices import registration
from devices.models import Device


class DeviceForm(forms.ModelForm):
    """What can be changed of a device; what may not be is said by the field that it is in."""

    class Meta:
        model = Device
        fields = (
            "kind", "unit", "interval", "lowest", "highest", "simulated", "mqtt", "enabled",
            "visible_to_all", "visible_to",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Account.objects.filter(kind=Account.Kind.PERSON, deleted_at=None)
        self.fields["visible_to"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            registration.check(construct_instance(self, self.instance))
        return cleaned

    def validate_constraints(self) -> None:
        """As `check` does, but in words."""


class NewDeviceForm(DeviceForm):
    """Makes the device's account, too."""

    name = forms.CharField(help_text="its name, for good; with it people write to it")
    title = forms.CharField(
        required=False,
        max_length=TITLE_MAX,
        validators=[validate_title],
        help_text="what people see in place of the name",
    )

    def clean_name(self) -> str:
        try:
            return check_name(self.cleaned_data["name"])
        except ChatError as error:
            raise ValidationError(error.detail) from None
