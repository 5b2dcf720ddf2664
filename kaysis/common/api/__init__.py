"""Base of the API: pages by key, problem details, throttling, ETag, JSON."""
