"""The public pages of DETSİS; each reads the register as anybody may see it."""
