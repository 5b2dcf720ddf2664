"""The officers' area of DETSİS: proposing, deciding, bulk uploads, decrees, code tables."""
