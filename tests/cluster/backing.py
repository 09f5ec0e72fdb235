"""The servers under an installation of many processes, and where in them its data are."""

from dataclasses import dataclass

from tests.services.given import GivenMongo
from tests.services.postgres import Postgres
from tests.services.secantus import Secantus
from tests.services.valkey import Valkey


@dataclass(frozen=True)
class Backing:
    """`valkey` is one installation's alone: what is published is heard in all its databases."""

    postgres: Postgres
    valkey: Valkey
    mongo: Secantus | GivenMongo
    database_url: str
    mongo_url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "MONGO_URL": self.mongo_url,
            "REDIS_URL": self.valkey.url,
        }
