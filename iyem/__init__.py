"""İYEM: who may sign for which unit, and when."""
