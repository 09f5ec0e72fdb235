"""Forms of the admin's pages on bots. A key is typed in and never shown again."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from bots.models import Bot, Persona
from bots.registration import KEY_MAX, validate_key
from chat.accounts.registration import check_name
from chat.accounts.titles import validate_title
from chat.models.account import TITLE_MAX
from chat.protocol import ChatError
from chat.typed import plain

INSTRUCTIONS_MAX = 8_000
OTHER_SERVER = (
    "The key that is set is for the server before. Enter the new one's key, or remove the old one."
)


class PersonaForm(forms.ModelForm):
    instructions = forms.CharField(
        max_length=INSTRUCTIONS_MAX,
        widget=forms.Textarea,
        help_text="what the model is told to be; people may find out",
    )

    class Meta:
        model = Persona
        fields = ("name", "title", "instructions", "temperature", "greeting", "enabled")

    def clean_title(self) -> str:
        validate_title(title := self.cleaned_data["title"])
        others = Persona.objects.exclude(pk=self.instance.pk).values_list("title", flat=True)
        if plain(title) in map(plain, others):
            raise ValidationError(
                "Another persona has this title; people could not tell them apart."
            )
        return str(title)

    def clean_enabled(self) -> bool:
        enabled = bool(self.cleaned_data["enabled"])
        bot = None if enabled else Bot.objects.filter(persona=self.instance.pk).first()
        if bot is not None:
            raise ValidationError(f"{bot.name} begins with it: give that bot another one before.")
        return enabled


class BotForm(forms.ModelForm):
    """What can be changed of a bot."""

    key = forms.CharField(
        required=False,
        max_length=KEY_MAX,
        validators=[validate_key],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="of this bot alone; kept sealed and not shown again. Empty: as it is",
    )
    remove_key = forms.BooleanField(required=False)

    class Meta:
        model = Bot
        fields = (
            "persona", "model", "base_url", "memory_tokens", "answer_tokens",
            "prompt_price", "answer_price", "enabled",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enabled = Persona.objects.filter(enabled=True)
        self.fields["persona"].queryset = enabled  # type: ignore[attr-defined]

    def clean_base_url(self) -> str:
        url = str(self.cleaned_data["base_url"])
        if "@" in urlsplit(url).netloc:
            raise ValidationError("An address has no password in it: use the field for the key.")
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        entered, removed = cleaned.get("key"), cleaned.get("remove_key")
        if entered and removed:
            self.add_error("remove_key", "Enter a key or remove it, not both.")
        moved = "base_url" in self.changed_data and self.instance.sealed_key
        if moved and not entered and not removed and "key" not in self.errors:
            self.add_error("key", OTHER_SERVER)
        return cleaned


class NewBotForm(BotForm):
    """Makes the bot's account, too."""

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
