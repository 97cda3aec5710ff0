"""How the embedded model is made: README.md tells the recipe, `python -m training` runs it.

What trains imports numpy, cv2, torch, sam2's model classes and the engine's modules that need
nothing else, so that it runs on a bare machine with an accelerator; preparing the real imagery
and exporting the result use the engine's environment.
"""
