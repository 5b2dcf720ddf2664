"""The pages of the officers' area."""
