"""A demonstration on real images: ``highdicom demo``."""
