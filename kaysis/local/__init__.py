"""PostgreSQL and Valkey on this machine, for `make run` and `make test`.

Plain Python, no Django, no package beyond the two wheels that carry the servers: replacing either
server means replacing one module here. `addresses` says where they are, `services` starts and
stops them, `python -m kaysis.local` is the command line.
"""
