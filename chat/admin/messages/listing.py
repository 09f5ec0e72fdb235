"""The list of messages: of a period, with how each was received, and noted as looked at."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from chat import inspecting
from chat.models import Message
from chat.periods import Period, parts, period, within
from chat.receipts import receipts

WHEN = "when"
"""The parameter of the address that names the period."""
MOST_COUNTED = 2_000
"""Messages that a list has pages of: to count a million takes seconds, and nobody leafs so far."""


class BoundedPaginator(Paginator):
    @cached_property
    def count(self) -> int:
        rows: QuerySet[Message] = self.object_list  # type: ignore[assignment]
        return len(rows.order_by().values_list("pk")[:MOST_COUNTED])


class MessageList(ChangeList):
    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.period = _period(request)
        super().__init__(request, *args, **kwargs)
        self.title = "Messages"

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(WHEN, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        return within(rows, self.period.first, self.period.end) if self.period else rows

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = rows = list(self.result_list)
        found = receipts([(row.conversation, row.seq, row.sender) for row in rows])
        for row, receipt in zip(rows, found, strict=True):
            row.receipt = receipt
        by = str(request.user.pk)
        inspecting.note(by, {row.conversation for row in rows}, inspecting.What.LISTED)

    # ---- what the template asks ----------------------------------------------------------------

    @property
    def is_cut(self) -> bool:
        return bool(self.result_count >= MOST_COUNTED)

    def back(self) -> dict[str, str] | None:
        """The way out of the period, as `date_hierarchy.html` has it."""
        if self.period is None:
            return None
        above = self.period.above
        title = period(above).title if above else "All"
        return {"link": self.get_query_string({WHEN: above}), "title": title}

    def choices(self) -> list[dict[str, str]]:
        """The periods inside of the one that is shown."""
        if self.period and len(self.period.name) == 10:
            return [{"link": "", "title": self.period.title}]
        return [
            {"link": self.get_query_string({WHEN: one.name}), "title": one.title}
            for one in parts(self.period)
        ]


def _period(request: HttpRequest) -> Period | None:
    if not (name := request.GET.get(WHEN)):
        return None
    try:
        return period(name)
    except (ValueError, OverflowError) as error:
        raise IncorrectLookupParameters(f"{WHEN} is 2026, 2026-11 or 2026-11-23") from error
