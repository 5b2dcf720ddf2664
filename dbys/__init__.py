"""DBYS: the documents of the state."""
