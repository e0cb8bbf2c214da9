"""Values computed from several claims or rows. A contract names one by ``x-derive``; a derivation is one function."""
