"""`/api/v1/instruments/`."""
