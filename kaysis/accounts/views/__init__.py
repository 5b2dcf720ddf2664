"""Pages of sign-in and of the signed-in area."""
