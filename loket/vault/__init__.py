"""Service: field-level encryption."""
