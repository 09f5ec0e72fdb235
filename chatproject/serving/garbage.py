"""Garbage collection of a process that holds much and makes little garbage.

Python looks through everything each time some thousands of objects more are alive: when a thousand
people connect, that is often, each time up to a third of a second in which nobody is answered.
"""

import gc

YOUNG = 10_000
"""Objects more than before, at which the young ones are looked through; Python's default is 700."""
OLD = 20
"""Times that, after which the older are looked through as well; Python's default is 10."""


def settle() -> None:
    """Once the server is ready: what is there by now stays, and is not looked at any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLD, 10)
