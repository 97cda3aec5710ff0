"""What an encode is going to do, in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from encoder_tool.cache.location import default_cache_path
from encoder_tool.encode.room import megabytes
from encoder_tool.types import Remark

if TYPE_CHECKING:
    from encoder_tool.encode.plan import EncodePlan


def why_elsewhere(plan: EncodePlan) -> Remark | None:
    """Why the default place of the cache is not beside the raster, where it is not."""
    raster = Path(plan.request.raster)
    default = default_cache_path(raster, plan.manifest.model.name)
    if not raster.exists() or plan.path != default or default.parent == raster.parent:
        return None
    return Remark(
        "not_beside",
        f"That is not beside the raster, because the folder {raster.absolute().parent} cannot "
        "be written.",
        folder=str(raster.absolute().parent),
    )


def sentences_of(plan: EncodePlan) -> list[str]:
    """For people; also as `Remark`s say it to programs."""
    said = [*plan.notes]
    wanted, levels = plan.request.levels, plan.manifest.pyramid.levels
    if wanted is not None and wanted > levels:
        said.append(
            Remark(
                "levels",
                f"There {'is' if levels == 1 else 'are'} {_counted(levels, 'level', 's')}, not "
                f"{wanted}: at the last one, one patch holds the raster.",
                levels=levels,
                wanted=wanted,
            )
        )
    said += _about_patches(plan)
    if plan.tiles_to_fetch:
        said.append(
            Remark(
                "tiles",
                f"That takes {_counted(plan.tiles_to_fetch, 'tile', 's')} over the network.",
                tiles=plan.tiles_to_fetch,
            )
        )
    if plan.damage:
        said.append(
            Remark(
                "damaged",
                f"The cache is damaged in {_counted(len(plan.damage), 'place', 's')} "
                f"({plan.damage[0]}{', …' if len(plan.damage) > 1 else ''}): what is lost is "
                "encoded again.",
                places=len(plan.damage),
            )
        )
    if plan.todo and plan.most_wanted is None:
        said.append(
            Remark(
                "disk",
                f"That takes up to {megabytes(plan.bytes_needed)} of disk; "
                f"{megabytes(plan.bytes_free)} are free.",
                bytes_needed=plan.bytes_needed,
                bytes_free=plan.bytes_free,
            )
        )
    return said


def _about_patches(plan: EncodePlan) -> list[str]:
    todo, have, path = len(plan.todo), plan.skipped, plan.path
    if not todo:
        all_of_them = "the patch" if have == 1 else f"all {have} patches"
        return [
            Remark(
                "nothing_to_encode",
                f"Nothing to encode: {path} has {all_of_them}.",
                cache=str(path),
            )
        ]
    known = f"; {have} more are there already" if have else ""
    if plan.most_wanted is not None:
        said = Remark(
            "as_wanted", f"What is looked at is encoded into {path}.", there=have, cache=str(path)
        )
    else:
        said = Remark(
            "to_encode",
            f"{_counted(todo, 'patch', 'es')} to encode into {path}{known}.",
            patches=todo,
            there=have,
            cache=str(path),
        )
    elsewhere = why_elsewhere(plan)
    return [said, elsewhere] if elsewhere else [said]


def _counted(count: int, thing: str, plural: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else plural}"
