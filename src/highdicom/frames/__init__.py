"""One table of the frames of an image, for reading and for writing (PS3.3 C.7.6.16)."""
