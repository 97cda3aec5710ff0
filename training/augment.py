"""What cameras, weather and compression do to a picture, on tensors [B, 3, S, S] in 0..1.

Every function takes a generator of the CPU for its choices, so that a batch depends on its seed
alone; noise itself is drawn on the device.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional


def photograph(pictures: Tensor, colours: Tensor, choices: Generator, noise: Generator) -> Tensor:
    """All of it, each with a chance of its own.

    colours: [B, 2, 3], mean and standard deviation of another picture for each
    """
    pictures = _borrow_colours(pictures, colours, choices)
    pictures = _expose(pictures, choices)
    pictures = _grey(pictures, choices)
    pictures = _haze(pictures, choices)
    pictures = _blur(pictures, choices)
    pictures = _grain(pictures, choices, noise)
    return _compress(pictures, choices).clamp(0, 1)


def _chance(pictures: Tensor, share: float, choices: Generator) -> Tensor:
    drawn = torch.rand(len(pictures), 1, 1, 1, generator=choices) < share
    return drawn.to(pictures.device)


def _uniform(
    pictures: Tensor, low: float, high: float, choices: Generator, channels: int = 1
) -> Tensor:
    drawn = torch.rand(len(pictures), channels, 1, 1, generator=choices)
    return (low + (high - low) * drawn).to(pictures.device)


def _borrow_colours(pictures: Tensor, colours: Tensor, choices: Generator) -> Tensor:
    """Mean and contrast of each channel, part of the way, from another picture."""
    mean = pictures.mean(dim=(2, 3), keepdim=True)
    spread = pictures.std(dim=(2, 3), keepdim=True).clamp_min(0.02)
    wanted_mean, wanted_spread = colours[:, 0, :, None, None], colours[:, 1, :, None, None]
    gain = (wanted_spread / spread).clamp(0.4, 2.5)
    borrowed = (pictures - mean) * gain + wanted_mean
    strength = _uniform(pictures, 0.3, 1.0, choices) * _chance(pictures, 0.4, choices)
    return torch.lerp(pictures, borrowed, strength).clamp(0, 1)


def _expose(pictures: Tensor, choices: Generator) -> Tensor:
    """Brightness down to dusk, contrast, gamma, a colour cast."""
    dim = torch.exp(_uniform(pictures, -1.5, 0.0, choices) * _chance(pictures, 0.2, choices))
    cast = torch.exp(_uniform(pictures, -0.12, 0.12, choices, channels=3))
    gain = torch.exp(_uniform(pictures, -0.25, 0.25, choices)) * cast * dim
    gamma = torch.exp(_uniform(pictures, -0.35, 0.35, choices))
    return (pictures.clamp_min(1e-4) ** gamma * gain).clamp(0, 1)


def _grey(pictures: Tensor, choices: Generator) -> Tensor:
    """Saturation from strong to none: one-band imagery is met as three equal bands."""
    weights = pictures.new_tensor([0.299, 0.587, 0.114])[:, None, None]
    grey = (pictures * weights).sum(dim=1, keepdim=True)
    saturation = _uniform(pictures, 0.4, 1.5, choices) * ~_chance(pictures, 0.12, choices)
    return (grey + saturation * (pictures - grey)).clamp(0, 1)


def _haze(pictures: Tensor, choices: Generator) -> Tensor:
    """A veil over all of it, or thin cloud in patches."""
    veil = _uniform(pictures, 0.0, 0.6, choices) * _chance(pictures, 0.2, choices)
    coarse = torch.rand(len(pictures), 1, 4, 4, generator=choices).to(pictures.device)
    patches = functional.interpolate(coarse, pictures.shape[2:], mode="bicubic").clamp(0, 1)
    even = _chance(pictures, 0.6, choices)
    veil = veil * torch.where(even, torch.ones_like(patches), patches)
    white = _uniform(pictures, 0.65, 0.95, choices)
    return torch.lerp(pictures, white.expand_as(pictures), veil)


def _blur(pictures: Tensor, choices: Generator) -> Tensor:
    sigma = float(0.6 + 1.6 * torch.rand((), generator=choices) ** 2)
    reach = max(1, math.ceil(2.5 * sigma))
    x = torch.arange(-reach, reach + 1, device=pictures.device, dtype=torch.float32)
    profile = torch.exp(-(x**2) / (2 * sigma**2))
    profile = (profile / profile.sum()).expand(3, 1, -1)
    padded = functional.pad(pictures, [reach] * 4, mode="reflect")
    rows = functional.conv2d(padded, profile[:, :, None, :], groups=3)
    blurred = functional.conv2d(rows, profile[:, :, :, None], groups=3)
    return torch.where(_chance(pictures, 0.25, choices), blurred, pictures)


def _grain(pictures: Tensor, choices: Generator, noise: Generator) -> Tensor:
    strength = _uniform(pictures, 0.0, 0.05, choices) * _chance(pictures, 0.4, choices)
    grain = torch.randn(pictures.shape, generator=noise, device=pictures.device)
    return pictures + strength * grain


_QUANTA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
"""JPEG's table for luminance (ITU T.81, annex K)."""


def _compress(pictures: Tensor, choices: Generator) -> Tensor:
    """JPEG's loss: the cosine transform of 8 x 8 blocks, rounded as at quality 25 to 90."""
    batch, channels, height, width = pictures.shape
    steps = torch.arange(8, device=pictures.device, dtype=torch.float32)
    cosines = torch.cos((2 * steps[None, :] + 1) * steps[:, None] * math.pi / 16) / 2
    cosines[0] /= math.sqrt(2)
    blocks = pictures.reshape(batch, channels, height // 8, 8, width // 8, 8).transpose(3, 4)
    quanta = pictures.new_tensor(_QUANTA) / 255
    scale = torch.exp(_uniform(pictures, math.log(0.2), math.log(2.0), choices))[..., None, None]
    quanta = (quanta * scale).clamp_min(1 / 255)
    coarse = torch.round(cosines @ (blocks - 0.5) @ cosines.T / quanta) * quanta
    restored = (cosines.T @ coarse @ cosines + 0.5).transpose(3, 4).reshape(pictures.shape)
    return torch.where(_chance(pictures, 0.25, choices), restored, pictures)
