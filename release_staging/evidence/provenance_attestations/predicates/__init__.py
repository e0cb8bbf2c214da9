"""Predicates of in-toto Statements, one module a subject. ``PREDICATES`` of each module is found by ``table``; no list is edited."""
