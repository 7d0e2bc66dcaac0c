"""Deliver a folder that another builder has made: `python -m byhand_site.delivery site`."""

import sys
from pathlib import Path

from byhand_site.delivery import deliver

deliver(Path(sys.argv[1]))
