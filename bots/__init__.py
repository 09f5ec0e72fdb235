"""AI personas: contacts of the chat whose answers a language model writes."""
