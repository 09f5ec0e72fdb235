"""Bringing an export in: who and what it is here, what would happen, and doing it."""
