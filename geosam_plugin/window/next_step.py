"""The line in the dock that says what to do next."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, QRect, Qt
from qgis.PyQt.QtWidgets import QLabel, QWidget

translate = QCoreApplication.translate

BORDER, PADDING = 4, 6


class NextStep(QLabel):
    """As high as its longest sentence needs: what is below would move under the mouse else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setStyleSheet(
            "background: palette(base); border-left: "
            f"{BORDER}px solid #1a9850; padding: {PADDING}px;"
        )
        self._sentences = next_steps()

    def show_step(self, name: str) -> None:
        self.setText(self._sentences[name])

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, width - BORDER - 2 * PADDING, 10_000)
        measure = self.fontMetrics().boundingRect
        heights = [
            measure(room, int(Qt.TextFlag.TextWordWrap), text).height()
            for text in self._sentences.values()
        ]
        return max(super().heightForWidth(width), max(heights) + 2 * PADDING)


def next_steps() -> dict[str, str]:
    """Every sentence, by the name of what it waits for."""
    return {
        "image": translate("GeoSAM", "1. Add an aerial or satellite image to the project."),
        "file": translate("GeoSAM", "1. Choose an image that is a file, or a web map."),
        "cache": translate(
            "GeoSAM",
            "2. Press “Click now” to begin at once, or “Encode…” to prepare the whole image "
            "first: once per image, then every click gives an outline at once.",
        ),
        "web": translate(
            "GeoSAM",
            "2. Zoom to what you want to outline, and press “Click now”: what the map shows is "
            "fetched and encoded, and kept.",
        ),
        "clicking": translate("GeoSAM", "3. Press “Start clicking”."),
        "prompt": translate("GeoSAM", "4. Click on an object, or drag a box around it."),
        "include": translate("GeoSAM", "Click on the object itself, too."),
        "engine": translate("GeoSAM", "What you click is kept until the engine works again."),
        "patch": translate(
            "GeoSAM", "That part of the image is being encoded: the outline comes by itself."
        ),
        "other": translate("GeoSAM", "Nothing was found. Click elsewhere, or undo."),
        "answer": translate("GeoSAM", "Looking for the object…"),
        "growing": translate(
            "GeoSAM",
            "The object goes on where the image is still being encoded: the rest of it comes by "
            "itself. Enter saves what there is.",
        ),
        "not_encoded": translate(
            "GeoSAM",
            "The object goes on where nothing is encoded yet. “Encode more…” brings the rest of "
            "it, Enter saves this part.",
        ),
        "limit": translate(
            "GeoSAM",
            "The object is too large to be seen whole at this scale. Zoom out and click on it "
            "again, or press Enter to save this part.",
        ),
        "unsure": translate(
            "GeoSAM",
            "Where the outline is straight, the object may go on. Click on what is missing. Right? "
            "Press Enter to save it.",
        ),
        "surer": translate(
            "GeoSAM",
            "The model is not sure of this shape. More of what is around is being encoded: a "
            "better one may come by itself.",
        ),
        "doubtful": translate(
            "GeoSAM",
            "The model is not sure of this shape. Click on what is missing, right-click on what "
            "is too much, or drag a box around the object. Right? Press Enter to save it.",
        ),
        "replace": translate(
            "GeoSAM",
            "Click on what is missing, right-click on what is too much. Enter replaces the "
            "feature, Esc leaves it as it was.",
        ),
        "save": translate(
            "GeoSAM",
            "5. Too small? Click on what is missing. Too large? Right-click on what is too much. "
            "Right? Press Enter to save it.",
        ),
    }
