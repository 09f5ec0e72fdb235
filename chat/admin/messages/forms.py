"""The reason for which somebody looks at messages, or deletes one."""

from django import forms

from chat.models import Inspection

REASON_MAX: int = Inspection._meta.get_field("reason").max_length or 0


class ReadForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=REASON_MAX,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Shown, with your name, to those whose conversation it is.",
    )


class DeleteForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_MAX,
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
        error_messages={"required": "Say why: those whose conversation it is can read it."},
        help_text="Such as “asked for by its sender”. Shown, with your name, to those whose"
        " conversation it is.",
    )
