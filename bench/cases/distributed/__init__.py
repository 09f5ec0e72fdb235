"""The same chat as several processes on PostgreSQL and Valkey, beside the embedded one."""

from bench.cases.distributed import accepts, busy, idle, latency, mongo, throughput

CASES = {module.NAME: module.run for module in (throughput, latency, accepts, idle, busy, mongo)}
"""By name, in the order of the table."""
