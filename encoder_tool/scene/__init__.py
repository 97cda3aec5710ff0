"""A procedural aerial scene with exact truth (numpy and OpenCV only).

`layout` cuts the plan, `place` stands things on it, `ground`, `buildings`, `trees` and
`furniture` paint them by exact pixel coverage, `light` casts shadows and takes the picture.
"""

from encoder_tool.scene.compose import CLASSES, Scene, SceneObject, make_scene

__all__ = ["CLASSES", "Scene", "SceneObject", "make_scene"]
