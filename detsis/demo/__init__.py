"""A realistic state to look at: real ministries and well-known institutions, provinces, districts,
municipalities, universities, missions abroad, and what happened to some of them.

Facts (names, known organisation numbers, dates of well-known reorganisations) are public; numbers
that are not known stand in a range of their own (`numbers.DEMO`), and KEP addresses that are not
known begin with "ornek-". Nothing here claims to be the register.
"""
