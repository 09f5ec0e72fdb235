"""How long messages are kept, by the kind of conversation: for good, unless the settings say."""
