"""MongoDB's own backend (`django_mongodb_backend`), with the client, the indexes and the errors
that the engine around djongo has, so that each can go on with what the other wrote."""
