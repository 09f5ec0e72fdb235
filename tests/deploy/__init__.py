"""What lies in deploy/, run without containers; and what Docker Compose is told."""
