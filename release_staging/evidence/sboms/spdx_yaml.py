"""SPDX 2.2 and 2.3 documents in YAML: the members of the JSON form, written otherwise. Version texts stay as they are written."""

from __future__ import annotations

from release_staging.evidence.reader import YAML, Reader
from release_staging.evidence.sboms.spdx_json import DROPS, SUMMARISES, read, recognise

READER = Reader(
    source="sboms",
    format="spdx-yaml",
    title="SPDX 2 document (YAML)",
    reference="SPDX 2.3 (ISO/IEC 5962:2021 is 2.2.1), clauses 6, 7 and 11",
    encodings=(YAML,),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("2.2", "2.3"),
    drops=DROPS,
    summarises=SUMMARISES,
)
