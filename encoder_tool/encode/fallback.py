"""An encoder that survives a device without enough memory: smaller batches, then the CPU."""

from __future__ import annotations

from collections.abc import Callable

from encoder_tool.encode.request import EncodeModel
from encoder_tool.errors import DeviceMemoryError
from encoder_tool.model.seam import FeatureEncoder
from encoder_tool.types import Features, FloatArray, Remark

Notice = Callable[[str], None]

DEFAULT_BATCH = {"cpu": 1, "mps": 2, "cuda": 8}
"""On a CPU a batch is no faster than its patches one by one, and loses more when killed."""


class FallbackEncoder:
    """Encodes batches of any size, in as many steps as the device needs.

    batch: how many patches the device takes at once, as far as is known
    """

    def __init__(
        self,
        model: EncodeModel,
        device: str,
        threads: int | None,
        batch: int | None,
        on_notice: Notice,
    ) -> None:
        self._model = model
        self._threads = threads
        self._on_notice = on_notice
        self._encoder: FeatureEncoder | None = model.load_encoder(device, threads)
        self.device = self._encoder.device
        self.fill_colour = self._encoder.fill_colour
        self.batch = batch or DEFAULT_BATCH.get(self.device, 1)

    def encode(self, images: FloatArray) -> list[Features]:
        """Encode images [B, 3, 1024, 1024].

        Raises DeviceMemoryError when one patch is too much for the CPU's memory.
        """
        features: list[Features] = []
        while len(features) < len(images):
            batch = images[len(features) : len(features) + self.batch]
            try:
                features += self._loaded().encode(batch)
            except DeviceMemoryError as error:
                self._retreat(len(batch), error)
        return features

    def _loaded(self) -> FeatureEncoder:
        if self._encoder is None:
            self._encoder = self._model.load_encoder(self.device, self._threads)
        return self._encoder

    def _retreat(self, size: int, error: DeviceMemoryError) -> None:
        if size > 1:
            self.batch = size // 2
            self._on_notice(
                Remark(
                    "smaller_batch",
                    f"The memory of {self.device} does not hold a batch of {size}: "
                    f"going on with {self.batch}.",
                    device=self.device,
                    size=size,
                    batch=self.batch,
                )
            )
        elif self.device != "cpu":
            self._on_notice(
                Remark(
                    "on_cpu",
                    f"The memory of {self.device} does not hold a single patch: "
                    "going on on the CPU.",
                    device=self.device,
                )
            )
            self._encoder = None  # gives the device's memory back before the other is loaded
            self.device = "cpu"
            self.batch = DEFAULT_BATCH["cpu"]
        else:
            raise error
