"""SDPS: the standard file plan codes."""
