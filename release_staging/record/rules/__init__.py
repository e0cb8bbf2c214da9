"""Policy rules: one function each, with the metadata that docs and UI are made from. A new rule is a new function here."""
