"""One index over all subsystems."""
