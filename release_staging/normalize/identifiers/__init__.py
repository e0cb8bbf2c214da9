"""Identifiers in the one form they are compared in: one module a kind.

Each function takes what the source wrote and returns an ``Identifier``. One that cannot be understood, or that could only
be read by losing something, is returned as it was written, with a note that says so: it is then compared as text.
"""
