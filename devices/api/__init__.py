"""Devices over HTTP: they report their readings; people's pages and programs ask for charts."""
