"""The benchmark: the embedded product beside a bare relay with the same SQLite batches."""
