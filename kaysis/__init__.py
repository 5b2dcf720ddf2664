"""The shell: what all subsystems share, and what joins them."""
