"""Bots over HTTP: what a page and programs show of one, to the person who asks."""
