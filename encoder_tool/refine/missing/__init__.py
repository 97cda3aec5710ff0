"""Buildings that the layer lacks: the `search` asks for `candidates` at `likely_places` or those of
a `point_layer`, and keeps what is like the buildings that are known.
"""
