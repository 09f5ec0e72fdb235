"""In and out: a person's copy of all that is theirs, and what comes from elsewhere."""
