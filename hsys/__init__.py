"""HSYS: the standard each service is held to."""
