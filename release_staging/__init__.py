"""Release staging: from a release candidate's evidence packet to a staging record or an exception hold.

The package holds the transformation. It does not import Dagster, except in
``definitions.py`` (the composition root) and ``cli``. ``docs/ARCHITECTURE.md`` is the map.
"""

__version__ = "0.1.0"
