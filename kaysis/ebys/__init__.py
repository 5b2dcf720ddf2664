"""Integration with the institutions' document systems."""
