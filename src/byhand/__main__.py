"""`python -m byhand` is the `byhand` command."""

import sys

from byhand.cli import main

if __name__ == "__main__":
    sys.exit(main())
