"""An image that is encoded while it is clicked, as its objects see it: they wait for patches."""

from __future__ import annotations

from collections.abc import Container

from qgis.core import QgsRectangle

from geosam_plugin.clicking.draft import PatchKey
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.session import ClickSession


def begin_filling(image: ClickedImage, extent: QgsRectangle) -> None:
    """What is clicked where nothing has come yet waits for that from now on.

    extent: of its layer
    """
    image.is_filling, image.extent = True, extent


def grow(
    session: ClickSession, image: ClickedImage, encoded: Container[PatchKey] | None = None
) -> None:
    """More of it is encoded: these patches, None for all."""
    image.grown += 1
    session.patch_came()
    session.ask_for_more(encoded)


def end_filled(session: ClickSession, image: ClickedImage) -> None:
    """All of it is encoded: whatever is asked now has its answer."""
    image.is_filling = False
    grow(session, image)


def end_unfilled(session: ClickSession, image: ClickedImage) -> int:
    """No more will come: what waits for it is kept, but not waited for. Returns how many objects
    were to be saved."""
    image.is_filling = False
    draft, prompts = session.draft, session.draft.prompts
    count = session.end_waiting()
    if session.draft is draft and draft.image is image:
        image.keep_outside(prompts, draft.prompts)
    return count
