"""What the image says of each footprint of the layer: `asking` what the model sees there as a
`mask_field`, `registration` of the footprint on it, the `hypotheses` that come of that, `offsets`
of the layer as a whole and of places in it, and the `verdicts`; `judging` goes from the first to
the last.
"""
