"""The API of İYEM: who may sign, who holds what, and proxies from an institution's EBYS."""
