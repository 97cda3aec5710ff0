"""Correcting a layer of buildings by what the image shows.

`plan_refine` reads the layer and checks everything, `run_refine` does the work: what the image
says of its `footprints`, the `proposals` that come of that, what is `missing`, and the
`refined_layer` or the changes to `openstreetmap`.
"""

from encoder_tool.refine.footprints.verdicts import Verdict as Verdict
from encoder_tool.refine.parameters import RefineParameters as RefineParameters
from encoder_tool.refine.refined_layer import RefinedFeature as RefinedFeature
from encoder_tool.refine.request import Protection as Protection
from encoder_tool.refine.request import RefineRequest as RefineRequest
from encoder_tool.refine.run import Refined as Refined
from encoder_tool.refine.run import RefinePlan as RefinePlan
from encoder_tool.refine.run import RefineSummary as RefineSummary
from encoder_tool.refine.run import plan_refine as plan_refine
from encoder_tool.refine.run import refine_layer as refine_layer
from encoder_tool.refine.run import run_refine as run_refine
