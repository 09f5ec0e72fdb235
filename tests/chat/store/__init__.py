"""The message store on every engine: SQLite, PostgreSQL, MongoDB through djongo and officially."""
