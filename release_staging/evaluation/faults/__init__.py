"""Faults: a function each, in a module for each thing that goes wrong. Nothing lists them."""
