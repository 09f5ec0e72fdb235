"""The engine around djongo: what it translates, what it refuses, what it says."""
