"""The editors' area of KMS: what is recorded, written, checked and published."""
