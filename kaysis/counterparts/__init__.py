"""The other side of what the portal talks to, for tests and for trying things on this machine.

Small servers on loopback that speak the real protocols. They know the portal only by those: nothing
of our apps is imported here, and production needs none of it.
"""
