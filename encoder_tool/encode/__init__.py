"""Encoding a raster into a feature cache: a request becomes a plan, a plan is run."""

from encoder_tool.encode.pipeline import EncodeProgress
from encoder_tool.encode.plan import EncodePlan, plan_encode
from encoder_tool.encode.request import EncodeRequest
from encoder_tool.encode.run import EncodeSummary, run_encode

__all__ = [
    "EncodePlan",
    "EncodeProgress",
    "EncodeRequest",
    "EncodeSummary",
    "plan_encode",
    "run_encode",
]
