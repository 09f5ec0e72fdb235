"""An installation as in production: many processes on PostgreSQL, Redis and MongoDB."""
