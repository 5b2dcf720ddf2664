"""Dates and times as the portal writes them, whatever the language."""
