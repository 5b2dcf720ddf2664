"""Dates and times as the portal writes them, whatever the language."""

import datetime as dt


def short_day(day: dt.date) -> str:
    """24.11.2026, as `date_format(day, "d.m.Y")`, for lists that show dozens of days."""
    return f"{day.day:02}.{day.month:02}.{day.year}"
