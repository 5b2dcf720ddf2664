"""KMS: every instrument of legislation and its text."""
