"""The lowest layer: Turkish text, validity, locks, errors, exports, PDF, charts, panels, API base."""
