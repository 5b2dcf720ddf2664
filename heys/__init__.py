"""HEYS: the services units offer."""
