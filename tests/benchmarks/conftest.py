"""Makes the folder ``benchmarks`` importable: it is run from the project's root and is in no package."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)
