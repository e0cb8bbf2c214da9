"""Readers of provenance_attestations: in-toto and SLSA attestations."""
