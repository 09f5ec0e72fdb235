"""Readings of real devices, as JSON, from whichever door: decoded, checked, stored once."""
