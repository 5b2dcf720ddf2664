"""Public pages of KMS."""
