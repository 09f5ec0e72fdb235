"""Looks at an installation, and says what is wrong with it and what to do.

Each module looks at one thing. A check is a function that yields findings; it may raise, and it may
hang: `examine` sees to that.
"""
