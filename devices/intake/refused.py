"""A reading that is refused for one of its fields."""

from chat.protocol import Invalid


class BadField(Invalid):
    """`said` is what of the field's name may be logged: “readings[3].value”, no device's words."""

    def __init__(self, field: str, must: str, said: str = "") -> None:
        super().__init__(f"“{field}” {must}.")
        self.said = said or field
