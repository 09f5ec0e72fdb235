"""`manage.py doctor` looks at the broker, and for a bridge."""

from tests.chatproject.conftest import folder
from tests.chatproject.operations.test_doctor import SECRET, doctor
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge

__all__ = ["folder"]


def test_without_a_broker_nothing_is_said_of_it(folder):
    found = doctor(folder)
    assert "MQTT" not in {finding["subject"] for finding in found.all}


def test_a_broker_without_a_bridge(folder, own_mosquitto):
    found = doctor(folder, MQTT_URL=own_mosquitto().url)
    assert found.at("ok")["MQTT"] == "the broker lets us in"
    assert "no bridge is there" in found.at("warn")["MQTT"]


def test_a_broker_that_is_not_there(folder, own_mosquitto):
    broker = own_mosquitto()
    broker.stop()
    found = doctor(folder, MQTT_URL=broker.named("chat", SECRET))
    assert "cannot be reached" in found.at("fail")["MQTT"]
    assert SECRET not in str(found.all)


def test_a_bridge_is_seen_and_goes_on(own_server, own_mosquitto):
    broker = own_mosquitto()
    server = own_server(MQTT_URL=broker.url, **TALKATIVE)
    await_bridge(server)
    found = doctor(server.data_dir, MQTT_URL=broker.url)
    assert found.at("ok")["MQTT"] == "a bridge is there for devices"
    assert "broker is away" not in server.log
