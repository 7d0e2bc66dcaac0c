"""Deliver a folder that another builder has made: `python -m byhand_site.delivery site`."""

import sys
from pathlib import Path

from byhand_site.delivery import deliver

if __name__ == "__main__":
    deliver(Path(sys.argv[1]))
