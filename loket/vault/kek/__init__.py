"""Who keeps the key-encryption key: this process, or a token outside it."""
