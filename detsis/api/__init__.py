"""DETSİS as web services: units, what is above and below them, code tables, the change feed.

Guide for integrators: docs/api.md. Field names are stable.
"""
