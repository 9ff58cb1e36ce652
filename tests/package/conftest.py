"""Hand-made WARC files of the verification tests and captures of the records tests serve here too."""

import sys
from pathlib import Path

for room in ("verification", "records"):
    sys.path.insert(0, str(Path(__file__).parents[1] / room))
