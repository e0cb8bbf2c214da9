"""The evaluation: labelled packets of many toolchains, each clean or with one known fault, and what the real path makes of them."""
