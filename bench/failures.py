"""Why a case gives no figures."""


class SeedingFailed(Exception):
    """The seeding process ended with an error; holds what it printed."""


class LeftOut(Exception):
    """What a case needs is not installed here; says what, and how it is had."""
