"""The prompt decoder as it is exported: what `graphs` computes, arranged to be quick.

`prepare` does once per patch what no prompt changes, `decode` the rest. Five things differ from
upstream's order of work, and each module says why the results are the same:

layout: one row per image cell, and pixels in the order in which the upscaling makes them
attention: the tokens' side of every product first, since tokens are few and cells are many
transformer: layer 0 of a prompt without a picture begins from prepared keys, values, queries
upscaling: the transposed convolutions as matrix products that begin with a patch's own features
prompts, score: what a prompt's picture and nano's own parts need of those layouts
"""

from encoder_tool.model.fast.decode import FastDecode
from encoder_tool.model.fast.prepare import FastPrepare, prepared_names

__all__ = ["FastDecode", "FastPrepare", "prepared_names"]
