"""KMA: how satisfied people are."""
