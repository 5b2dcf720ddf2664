"""Nightly figures, charts, reports."""
