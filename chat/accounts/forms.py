"""The forms of the join and account pages. Each error says what would be right."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from chat.accounts import invites
from chat.accounts.titles import validate_title
from chat.models import Account
from chat.models.account import TITLE_MAX
from chat.models.token import Token
from chat.names import NAME_MAX, NAME_RULE, is_name, normalise

PASSWORD_MAX = 1000
"""Characters; longer ones are not safer, only slower to send."""


class NameField(forms.CharField):
    """The name of an account, known or new, as accounts are compared."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
            "maxlength": str(NAME_MAX),
        }
        super().__init__(
            label="Name",
            widget=forms.TextInput(attrs=attrs),
            error_messages={"required": "Type a name."},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        name = normalise(super().clean(value))
        if not is_name(name):
            raise ValidationError(f"A name is {NAME_RULE}.")
        return name


class PasswordField(forms.CharField):
    def __init__(self, label: str, autocomplete: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=PASSWORD_MAX,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            error_messages={
                "required": "Type the password.",
                "max_length": f"A password has at most {PASSWORD_MAX} characters.",
            },
            **kwargs,
        )


class TitleField(forms.CharField):
    def __init__(self, label: str = "Display name") -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=TITLE_MAX,
            help_text=f"Optional, up to {TITLE_MAX} characters: what others see beside your name.",
            widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
            validators=[validate_title],
        )


class CodeField(forms.CharField):
    """An invitation's code, carried along by the page."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)


class JoinForm(forms.Form):
    """Name and password: of an account, or of one to be made."""

    name = NameField()
    password = PasswordField("Password", "current-password")
    invite = CodeField()
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """The second step of a new account."""

    name = NameField()
    confirm = PasswordField("Password again", "new-password")
    title = TitleField()
    invite = CodeField()
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["readonly"] = True


class TitleForm(forms.Form):
    title = TitleField("What others call you")


class PasswordForm(forms.Form):
    """A new password, typed twice; the present one is checked by the view, which is throttled."""

    old_password = PasswordField("Present password", "current-password")
    new_password1 = PasswordField("New password", "new-password")
    new_password2 = PasswordField("New password again", "new-password")

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_new_password1(self) -> str:
        new = str(self.cleaned_data["new_password1"])
        validate_password(new, self.account)
        return new

    def clean_new_password2(self) -> str:
        again = str(self.cleaned_data["new_password2"])
        if again != self.cleaned_data.get("new_password1", again):
            raise ValidationError("This is not the same as the new password. Type it again.")
        return again


class TokenForm(forms.Form):
    label = forms.CharField(
        label="What is it for?",
        max_length=Token._meta.get_field("label").max_length,
        help_text="A word or two by which you will know it again.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say what the token is for, like “kitchen display”."},
        validators=[validate_title],
    )


class InviteForm(forms.Form):
    uses = forms.IntegerField(
        label="People", min_value=1, max_value=invites.USES_MAX, initial=1,
        help_text=f"How many can join by it: 1 to {invites.USES_MAX}.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days", min_value=1, max_value=invites.DAYS_MAX, initial=7,
        help_text=f"How long it works: 1 to {invites.DAYS_MAX}.",
    )  # fmt: skip


class DeleteForm(forms.Form):
    password = PasswordField("Your password, to confirm", "current-password")
