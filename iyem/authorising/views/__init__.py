"""Pages about officers, campaigns and coverage."""
