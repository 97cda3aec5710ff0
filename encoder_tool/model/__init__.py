"""Models: names, weights, encoders and decoders behind the Protocols of `seam`."""

from encoder_tool.model.registry import REGISTRY, model_names
from encoder_tool.model.resolve import ResolvedModel, decoder_graphs, load_encoder, resolve_model

__all__ = [
    "REGISTRY",
    "ResolvedModel",
    "decoder_graphs",
    "load_encoder",
    "model_names",
    "resolve_model",
]
