"""How long tests wait for what must come."""

PATIENCE_S = 600.0
"""Nothing takes that long, unless something hangs: that the machine is busy with other things is
no fault of the code."""
