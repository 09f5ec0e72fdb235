"""What workers do for bots."""
