"""The models that the engine knows by name, the embedded one first."""

MODELS = ("nano", "sam2.1-tiny", "sam2.1-small", "sam2.1-base-plus", "sam2.1-large")
