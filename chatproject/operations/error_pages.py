"""What the error pages of DEBUG leave out, besides what Django leaves out by itself."""

import re

from django.views.debug import SafeExceptionReporterFilter


class Filter(SafeExceptionReporterFilter):
    """URLs of servers hold passwords, whatever the setting's name."""

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern + "|URL|DATABASES|CHANNEL_LAYERS",
        re.IGNORECASE,
    )
