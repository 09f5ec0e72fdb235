"""Python imports this by itself in a process whose clock is wrong: it mends libfaketime's sleep.

libfaketime 0.9.10, told to leave the monotonic clock alone, has every clock_nanosleep fail with
EINVAL, and time.sleep is made of that.
"""

import select
import time
from typing import Any


def sleep(seconds: Any) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep
