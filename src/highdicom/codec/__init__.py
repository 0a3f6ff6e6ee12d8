"""Frames to bytes and back (PS3.5 Section 8 and Annex A)."""

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.format import PixelFormat

__all__ = ["FrameDecoder", "FrameEncoder", "PixelFormat"]
