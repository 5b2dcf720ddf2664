"""People, sign-in, roles and their scopes."""
