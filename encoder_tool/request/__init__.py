"""Requests as JSON: a box on a web map, prompts in it, and polygons as the answer.

`read_request` checks what came, `Answerer` answers it.
"""

from encoder_tool.request.answer import Answerer as Answerer
from encoder_tool.request.form import MapRequest as MapRequest
from encoder_tool.request.form import read_request as read_request
