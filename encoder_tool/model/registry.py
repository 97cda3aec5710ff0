"""The models by name: the embedded `nano` and Meta's four sam2.1 checkpoints.

The sam2.1 structures are upstream's configs/sam2.1/*.yaml; tests compare them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from encoder_tool.errors import ModelError
from encoder_tool.model.seam import StabilityRule
from encoder_tool.model.spec import ModelSpec, RemoteFile, Structure, TrunkSpec

_META = "https://dl.fbaipublicfiles.com/segment_anything_2/092824/"

_NANO = ModelSpec(
    name="nano",
    summary="Embedded, 3.9 M parameters, trained for aerial imagery; needs no torch.",
    structure=Structure(
        TrunkSpec(40, 1, (1, 2, 5, 1), (7,), (8, 8), (8, 8, 16, 8)),
        width=128,
        mlp_width=512,
        has_no_mem_embed=False,
        top_down_levels=(0, 1, 2, 3),
        top_down_interpolation="bilinear",
        draws_prompt=True,
        samples_features=True,
        scores_masks=True,
    ),
    # Measured with nano-v0 on 845 roofs of procedural scenes: with upstream's rule the single
    # mask's IoU falls from 0.759 to 0.748 for boxes and from 0.570 to 0.525 for clicks.
    stability=None,
    remote=None,
)

_NANO_V0 = replace(
    _NANO,
    name="nano-v0",
    summary="The first nano: 2.5 M parameters, trained for roofs.",
    structure=Structure(
        TrunkSpec(32, 1, (1, 2, 4, 1), (6,), (8, 8), (8, 8, 8, 8)),
        width=128,
        mlp_width=512,
        has_no_mem_embed=False,
        draws_prompt=True,
    ),
)

_TINY = ModelSpec(
    name="sam2.1-tiny",
    summary="Meta's SAM 2.1 with the Hiera-T encoder, 31 M parameters for images.",
    structure=Structure(TrunkSpec(96, 1, (1, 2, 7, 2), (5, 7, 9), (7, 7), (8, 4, 14, 7))),
    stability=StabilityRule(),
    remote=RemoteFile(
        f"{_META}sam2.1_hiera_tiny.pt",
        "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69",
        156_008_466,
    ),
)

_SMALL = ModelSpec(
    name="sam2.1-small",
    summary="Meta's SAM 2.1 with the Hiera-S encoder, 39 M parameters for images.",
    structure=Structure(TrunkSpec(96, 1, (1, 2, 11, 2), (7, 10, 13), (7, 7), (8, 4, 14, 7))),
    stability=StabilityRule(),
    remote=RemoteFile(
        f"{_META}sam2.1_hiera_small.pt",
        "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38",
    ),
)

_BASE_PLUS = ModelSpec(
    name="sam2.1-base-plus",
    summary="Meta's SAM 2.1 with the Hiera-B+ encoder, 73 M parameters for images.",
    structure=Structure(TrunkSpec(112, 2, (2, 3, 16, 3), (12, 16, 20), (14, 14), (8, 4, 14, 7))),
    stability=StabilityRule(),
    remote=RemoteFile(
        f"{_META}sam2.1_hiera_base_plus.pt",
        "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5",
    ),
)

_LARGE = ModelSpec(
    name="sam2.1-large",
    summary="Meta's SAM 2.1 with the Hiera-L encoder, 217 M parameters for images.",
    structure=Structure(TrunkSpec(144, 2, (2, 6, 36, 4), (23, 33, 43), (7, 7), (8, 4, 16, 8))),
    stability=StabilityRule(),
    remote=RemoteFile(
        f"{_META}sam2.1_hiera_large.pt",
        "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318",
        898_083_611,
    ),
)

REGISTRY: Mapping[str, ModelSpec] = MappingProxyType(
    {spec.name: spec for spec in (_NANO, _TINY, _SMALL, _BASE_PLUS, _LARGE)}
)

BY_CHECKPOINT: Mapping[str, ModelSpec] = MappingProxyType({_NANO_V0.name: _NANO_V0})
"""Structures known by name, with a checkpoint only, and listed nowhere: what `nano` was before,
to compare with, and what `training/` makes weights for when it tries another one."""


def model_names() -> list[str]:
    """The registered models, the embedded one first, then by size."""
    return list(REGISTRY)


def is_nano(name: str) -> bool:
    """Whether a cache's or a checkpoint's model is the embedded one, of whatever weights."""
    return name == _NANO.name or name.startswith(f"{_NANO.name}-")


def get_spec(name: str) -> ModelSpec:
    """The registered model called `name`; raises ModelError naming those there are."""
    spec = REGISTRY.get(name) or BY_CHECKPOINT.get(name)
    if spec is None:
        raise ModelError(
            f"There is no model called {name!r}.", f"Choose one of {', '.join(REGISTRY)}."
        )
    return spec
