"""The lowest layer: Turkish text, validity ranges, locks, errors, exports, PDF, charts, panels, API base."""
