"""Which topics devices publish to."""

ALL = "p2p/devices/+/readings"


def topic_of(device: str) -> str:
    return ALL.replace("+", device)


def device_in(topic: str) -> str:
    """The name in a topic that ALL matches."""
    return topic.split("/")[2]
