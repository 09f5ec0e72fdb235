"""The program for a terminal, on prompt_toolkit."""
