"""``python -m bench``: every benchmark, one after another. ``--quick`` makes each short."""

from __future__ import annotations

import sys

from bench import disclosure, instance_storage, readers, staging

BENCHMARKS = (staging, instance_storage, readers, disclosure)

if __name__ == "__main__":
    sys.exit(max(benchmark.main(sys.argv[1:]) for benchmark in BENCHMARKS))
