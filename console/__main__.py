"""`python -m console` is `colony`."""

import sys

from console.cli import main

sys.exit(main())
