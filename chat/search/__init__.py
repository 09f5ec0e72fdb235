"""Full-text search: what was said is found by its words, in the conversations of who asks.

The index (`index.py`) lives in `default` and is filled from the messages, behind their path
(`indexing.py`), so a message is found about a second after it was sent. Whoever changes or removes
messages says so to `keeping.py`.
"""
