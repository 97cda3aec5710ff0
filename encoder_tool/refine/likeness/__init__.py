"""What looks like the buildings that are known, learnt from the cached features under them:
`roof_cells` tells it of the ground, `descriptors` are what is compared of outlines, and the
`discriminant` tells the two kinds apart.
"""
