"""A model of the OpenAI Agents SDK that needs no network: a function of what it was told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import cast

from agents.items import ModelResponse
from agents.models.interface import Model
from agents.usage import Usage
from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)

Items = Sequence[Mapping[str, object]]


class ScriptedModel(Model):
    def __init__(self, think: Callable[[Items], ModelResponse]) -> None:
        self._think = think

    async def get_response(
        self, system_instructions: object, input: object, *rest: object, **more: object
    ) -> ModelResponse:
        return self._think(cast("Items", input))

    def stream_response(self, *rest: object, **more: object) -> AsyncIterator[object]:
        raise NotImplementedError


def calls(wanted: Mapping[str, Mapping[str, object] | str], tool: str = "refund") -> ModelResponse:
    """The arguments of each call, by its id; as text where they are none."""
    return ModelResponse(
        [
            ResponseFunctionToolCall(
                type="function_call",
                call_id=id,
                name=tool,
                arguments=arguments if isinstance(arguments, str) else json.dumps(arguments),
            )
            for id, arguments in wanted.items()
        ],
        Usage(),
        None,
    )


def says(text: str) -> ModelResponse:
    content = ResponseOutputText(text=text, type="output_text", annotations=[])
    message = ResponseOutputMessage(
        id="said", type="message", role="assistant", status="completed", content=[content]
    )
    return ModelResponse([message], Usage(), None)
