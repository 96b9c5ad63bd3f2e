"""Service: users, login, roles and mandates."""
