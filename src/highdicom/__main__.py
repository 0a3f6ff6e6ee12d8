"""``python -m highdicom``."""

from highdicom.command import main

if __name__ == "__main__":
    raise SystemExit(main())
