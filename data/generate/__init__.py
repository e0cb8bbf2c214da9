"""Makes the sample packets of ``data/packets``: ``python -m data.generate``, from the root of the repository. See README.md."""
