"""What devices did and for whom, to be looked at: subscribers, readings, summaries, thresholds."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chat.admin.bases import Kept, SeenOnly
from chat.models import Conversation, Message
from chatproject.databases import MESSAGES
from devices.admin.filters import DeviceFilter, FeedFilter, OneFeedFilter
from devices.ids import FEED
from devices.models import FeedMessage, Subscription, Summary, Threshold
from devices.words import amount


class OfFeeds(Kept):
    """Rows that know a device by its feed."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        own = lookup == FeedFilter.parameter_name
        return own or super().lookup_allowed(lookup, value, request)


@admin.register(Subscription)
class SubscriptionAdmin(OfFeeds):
    """Who subscribes to what. People end it themselves, or are no longer shown the device."""

    list_display = ["account", "conversation_id", "joined_at", "received_seq"]
    list_select_related = ["account"]
    list_filter = [FeedFilter, "joined_at"]
    search_fields = ["account__name", "account__title"]
    fields = ["account", "conversation", "joined_at", "first_seq", "received_seq"]
    ordering = ["conversation", "account"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        feeds = super().get_queryset(request)
        return feeds.filter(conversation__kind=Conversation.Kind.DEVICE)


@admin.register(FeedMessage)
class ReadingAdmin(OfFeeds):
    """The readings of one device, the newest first."""

    list_display = ["seq", "body", "sent_at"]
    list_display_links = None
    list_filter = [OneFeedFilter, "sent_at"]
    fields = ["seq", "body", "sent_at"]
    ordering = ["conversation", "-seq"]
    sortable_by = ["seq"]
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all messages

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeedMessage]:
        return super().get_queryset(request).using(MESSAGES).filter(kind=Message.Kind.READING)

    def has_view_permission(self, request: HttpRequest, obj: FeedMessage | None = None) -> bool:
        """What people write each other is theirs, whatever is put into the address."""
        in_feed = obj is None or obj.conversation.startswith(FEED)
        return in_feed and super().has_view_permission(request, obj)


@admin.register(Summary)
class SummaryAdmin(Kept):
    """Readings summed up, as charts and ranges show them."""

    list_display = ["device", "span", "start", "count", "average", "lowest", "highest"]
    list_select_related = ["device"]
    list_filter = [DeviceFilter, "span", "start"]
    fields = [
        "device", "span", "start", "count", "average",
        "lowest", "lowest_at", "highest", "highest_at",
    ]  # fmt: skip
    readonly_fields = ["average"]
    ordering = ["-start", "span"]

    @admin.display
    def average(self, summary: Summary) -> str:
        return amount(summary.total / summary.count, summary.device.unit)


@admin.register(Threshold)
class ThresholdAdmin(SeenOnly):
    """Alerts that people have set for themselves, or for a room; one that is deleted here tells no
    more."""

    list_display = ["account", "room", "device", "direction", "value", "told", "made_at"]
    list_select_related = ["account", "device", "place"]
    list_filter = [DeviceFilter, "direction", "told"]
    search_fields = ["account__name", "place__conversation__id"]
    fields = ["account", "room", "device", "direction", "value", "told", "made_at"]
    ordering = ["account", "device", "direction"]

    @admin.display(ordering="place__conversation")
    def room(self, threshold: Threshold) -> str:
        return str(threshold.place.conversation_id) if threshold.place else "-"
