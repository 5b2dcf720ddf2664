"""The lowest layer: Turkish text, validity, locks, errors, exports, PDF, charts, API base."""
