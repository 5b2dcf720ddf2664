"""Settings: `base` for all, then `development`, `test` and `production`.

The only place that reads the environment. Every variable is documented in docs/operations.md.
"""
