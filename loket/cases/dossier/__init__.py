"""Chapter: the file and its people."""
