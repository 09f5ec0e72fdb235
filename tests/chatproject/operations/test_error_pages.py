"""What DEBUG shows of the settings, to whoever sees the page."""

from django.views.debug import get_default_exception_reporter_filter


def test_no_password_of_a_server_is_shown(settings, monkeypatch):
    secret = "hunter2"
    monkeypatch.setitem(
        settings.DATABASES["messages"], "HOST", f"mongodb://user:{secret}@host/chat"
    )
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://:{secret}@host"
    settings.CHANNEL_LAYERS = {"default": {"CONFIG": {"hosts": [f"redis://:{secret}@host"]}}}
    shown = get_default_exception_reporter_filter().get_safe_settings()
    assert secret not in str(shown)
    assert shown["LANGUAGE_CODE"] == "en"
