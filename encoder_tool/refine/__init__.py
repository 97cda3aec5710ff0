"""Correcting a layer of buildings by what the image shows.

`plan_refine` reads the layer and checks everything, `run_refine` does the work: `asking` what the
model sees at each footprint, `registration` of the footprint on that, `offsets` of the layer as a
whole and of places in it, `verdicts` on each feature, and the `refined_layer`.
"""

from encoder_tool.refine.parameters import RefineParameters as RefineParameters
from encoder_tool.refine.refined_layer import RefinedFeature as RefinedFeature
from encoder_tool.refine.refined_layer import Verdict as Verdict
from encoder_tool.refine.request import Protection as Protection
from encoder_tool.refine.request import RefineRequest as RefineRequest
from encoder_tool.refine.run import Refined as Refined
from encoder_tool.refine.run import RefinePlan as RefinePlan
from encoder_tool.refine.run import RefineSummary as RefineSummary
from encoder_tool.refine.run import plan_refine as plan_refine
from encoder_tool.refine.run import refine_layer as refine_layer
from encoder_tool.refine.run import run_refine as run_refine
