"""docs/deploy.md: what it names is there."""

import re

from chat.gauges import NEWS
from tests.docs.pages import PROJECT, page, section, table_keys

PAGE = "docs/deploy.md"
COMPOSE = (PROJECT / "docker-compose.yml").read_text()


def test_every_figure_is_one_that_is_shown() -> None:
    files = ["chat/metrics.py", "chat/gauges.py", "chatproject/operations/queues.py"]
    sources = [(PROJECT / name).read_text() for name in files]
    shown = set(re.findall(r'"(chat_[a-z_]+)"', "".join(sources)))
    shown |= {f"chat_backplane_{key}" for key in NEWS}
    named = re.findall(r"(?<!-)\bchat_[a-z_]+", section(PAGE, "## Figures to watch"))
    assert {name.removesuffix("_total") for name in named} <= shown


def test_every_script_is_there() -> None:
    named = set(re.findall(r"`?\b(deploy/[a-z/]+)\b", page(PAGE)))
    assert [path for path in named if not (PROJECT / path).exists()] == []


def test_every_setting_of_compose_is_told() -> None:
    files = [COMPOSE, *(path.read_text() for path in (PROJECT / "deploy/caddy").glob("*.yml"))]
    read = {name for text in files for name in re.findall(r"\$\{([A-Z_]+)", text)}
    told = set(table_keys(section(PAGE, "### Settings")))
    assert read <= told | set(table_keys(section("README.md", "## Settings")))
    assert told <= read


def test_the_services_are_those_of_compose() -> None:
    services = set(re.findall(r"^  ([a-z]+):$", COMPOSE.split("\nservices:\n")[1], re.M))
    services -= set(re.findall(r"^  ([a-z]+):$", COMPOSE.split("\nvolumes:\n")[1], re.M))
    told = set(table_keys(section(PAGE, "### What runs")))
    assert services <= told
