"""The same chat as several processes on PostgreSQL and Valkey, beside the embedded one."""

from bench.cases.distributed import accepts, answers, busy, idle, latency, mongo, search, throughput

ALL = (throughput, latency, accepts, idle, busy, mongo, search, answers)
CASES = {module.NAME: module.run for module in ALL}
"""By name, in the order of the table."""
