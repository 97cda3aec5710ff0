"""Encode a raster once with SAM 2, then segment by prompt: the headless engine.

The command line is `python -m encoder_tool` or `encoder-tool`. From Python, the way is the same:
`encode.plan_encode` and `run_encode` fill a feature cache, `cache.open_cache` opens it,
`segment.Segmenter` turns prompts into georeferenced polygons. README.md has a map of the modules.

Importing the package imports nothing else: torch, onnxruntime, rasterio come when asked for.
"""
