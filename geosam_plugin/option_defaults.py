"""What an outline is like when nobody says otherwise: by clicks, in bulk, and by the engine's own
command line alike."""

SIMPLIFY_PX = 0.25
MIN_AREA_PX = 16.0
MIN_HOLE_PX = 16.0
LARGEST_PART_ONLY = False
RIGHT_ANGLES = False
