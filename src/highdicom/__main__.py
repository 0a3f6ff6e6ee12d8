"""``python -m highdicom``."""

from highdicom.command import main

raise SystemExit(main())
