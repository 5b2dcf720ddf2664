"""The public pages of İYEM."""
