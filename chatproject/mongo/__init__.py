"""MongoDB as a Django database: djongo, with what it lacks on today's Django, in small modules.

`ENGINE` is `chatproject.mongo` (djongo, `base.py`) or `chatproject.mongo.official` (MongoDB's own
backend, with the same indexes and errors). Both keep the same documents.
"""
