"""DETSİS: every public unit, its number and its place in the state."""
