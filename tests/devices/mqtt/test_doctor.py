"""`manage.py doctor` looks for a bridge. No broker, and one that is away: its own tests."""

from tests.chatproject.conftest import folder
from tests.chatproject.operations.test_doctor import doctor

__all__ = ["folder"]


def test_a_broker_without_a_bridge(folder, mosquitto):
    """Whatever other installations have there."""
    found = doctor(folder, MQTT_URL=mosquitto.url)
    assert found.at("ok")["MQTT"] == "the broker lets us in"
    assert "no bridge is there" in found.at("warn")["MQTT"]


def test_a_bridge_is_seen_and_goes_on(bridged, mosquitto):
    found = doctor(bridged.data_dir, MQTT_URL=mosquitto.url)
    assert found.at("ok")["MQTT"] == "a bridge is there for devices"
    assert "broker is away" not in bridged.log
