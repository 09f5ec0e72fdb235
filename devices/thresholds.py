"""What is noted of thresholds: whether, after the last readings, their people were told."""

from collections.abc import Sequence
from typing import NamedTuple

from devices.models import Threshold

AT_ONCE = 500
"""Thresholds that are written by one query."""


class Change(NamedTuple):
    """Whether, after the readings, the person of this threshold was told."""

    threshold: Threshold
    told: bool


def save(changes: Sequence[Change]) -> None:
    """In the transaction that has the device's row locked, as whoever sets a threshold has.

    Where one was set anew meanwhile, nothing was told of it yet.
    """
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        stored = Threshold.objects.filter(pk__in=[threshold.pk for threshold, _ in some])
        made_at = dict(stored.values_list("pk", "made_at"))
        for told in (True, False):
            same = [
                threshold.pk
                for threshold, now_told in some
                if now_told is told and made_at.get(threshold.pk) == threshold.made_at
            ]
            if same:
                Threshold.objects.filter(pk__in=same).update(told=told)
