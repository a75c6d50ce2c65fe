"""Seeing: from a picture to words."""

from calligram.models.base import Reading
from calligram.seeing.inputs import SeeInput
from calligram.seeing.looking import Sight, look, see, see_files
from calligram.seeing.options import SeeOptions

__all__ = ["Reading", "SeeInput", "SeeOptions", "Sight", "look", "see", "see_files"]
