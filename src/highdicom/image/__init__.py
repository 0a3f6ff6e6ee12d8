"""Images: reading any, writing derived multi-frame ones."""
