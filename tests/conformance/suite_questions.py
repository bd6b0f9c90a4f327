"""The conformance suite's fixture tools and prompt that ask their client: in the first era while the call is under way,
in the second by an answer that the client completes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import mcp_types as types

from tests.conformance.suite_answers import Nothing, text, tool
from vdw.server.inputs import Input
from vdw.server.registry import AnyTool, Call, Context, Prompt, Spoken

Json = dict[str, Any]
Questions = Mapping[str, types.ElicitRequest | types.CreateMessageRequest | types.ListRootsRequest]


def _said(words: str) -> types.CallToolResult:
    return types.CallToolResult(content=[text(words)])


# --- The first era ----------------------------------------------------------------------------------------------------


class Sampling(Input):
    prompt: str


class Elicitation(Input):
    message: str


_USER: Json = {
    "type": "object",
    "properties": {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    },
    "required": ["username", "email"],
}
_DEFAULTS: Json = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    },
}
_OPTIONS = ["option1", "option2", "option3"]
_TITLED = [{"const": f"value{number}", "title": title} for number, title in enumerate(("First", "Second", "Third"), 1)]
_ENUMS: Json = {
    "type": "object",
    "properties": {
        "untitledSingle": {"type": "string", "enum": _OPTIONS},
        "titledSingle": {"type": "string", "oneOf": _TITLED},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _OPTIONS}},
        "titledMulti": {"type": "array", "items": {"anyOf": _TITLED}},
    },
}


async def _sample(call: Call, given: Sampling) -> types.CallToolResult:
    assert call.context is not None
    answer = await call.context.session.create_message(
        [types.SamplingMessage(role="user", content=text(given.prompt))],
        max_tokens=100,
        related_request_id=call.context.request_id,
    )
    return _said(f"LLM response: {answer.content.text if isinstance(answer.content, types.TextContent) else ''}")


async def _elicit(call: Call, message: str, schema: Json, words: str) -> types.CallToolResult:
    assert call.context is not None
    answer = await call.context.session.elicit_form(message, schema, call.context.request_id)
    return _said(f"{words}: action={answer.action}, content={json.dumps(answer.content)}")


async def _elicit_user(call: Call, given: Elicitation) -> types.CallToolResult:
    return await _elicit(call, given.message, _USER, "User response")


def _eliciting(schema: Json) -> Callable[[Call, Nothing], Awaitable[types.CallToolResult]]:
    async def ask(call: Call, _: Nothing) -> types.CallToolResult:
        return await _elicit(call, "Please fill this in.", schema, "Elicitation completed")

    return ask


# --- The second era ---------------------------------------------------------------------------------------------------


def _form(message: str, name: str, kind: str = "string") -> types.ElicitRequest:
    schema = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=schema))


def _message(words: str, most_tokens: int) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=text(words))
    return types.CreateMessageRequest(
        params=types.CreateMessageRequestParams(messages=[message], max_tokens=most_tokens)
    )


_NAME = _form("What is your name?", "name")
_ROOTS = types.ListRootsRequest()
_STEPS = (("step1", _form("Step 1: What is your name?", "name")), ("step2", _form("Step 2: Your colour?", "color")))


def _responses(context: Context | None) -> Mapping[str, Any]:
    """What the client has answered so far; nothing of it is believed to have the right shape."""
    given = (context.params or {}).get("inputResponses") if context else None
    return {key: value for key, value in given.items() if isinstance(value, dict)} if isinstance(given, dict) else {}


def _state(context: Context | None) -> str | None:
    return (context.params or {}).get("requestState") if context else None


def _asking(questions: Questions, state: str | None = None) -> Callable[[Call, Nothing], Awaitable[Spoken]]:
    """Asks until each question has an answer, and the state has come back."""

    async def ask(call: Call, _: Nothing) -> Spoken:
        answered = _responses(call.context)
        missing = {key: question for key, question in questions.items() if key not in answered}
        if missing or _state(call.context) != state:
            return types.InputRequiredResult(input_requests=dict(missing or questions), request_state=state)
        return _said(f"state-ok: {json.dumps(dict(answered))}")

    return ask


async def _in_steps(call: Call, _: Nothing) -> Spoken:
    done = _state(call.context)
    taken = 0 if done is None else int(done)
    if taken and _STEPS[taken - 1][0] not in _responses(call.context):
        taken -= 1
    if taken == len(_STEPS):
        return _said("Both steps are done.")
    key, question = _STEPS[taken]
    return types.InputRequiredResult(input_requests={key: question}, request_state=str(taken + 1))


async def _what_is_offered(call: Call, _: Nothing) -> Spoken:
    assert call.context is not None
    session = call.context.session
    asked: dict[str, Any] = {}
    if session.check_client_capability(types.ClientCapabilities(sampling=types.SamplingCapability())):
        asked["sample"] = _message("Say hello.", 50)
    if session.check_client_capability(types.ClientCapabilities(elicitation=types.ElicitationCapability())):
        asked["name"] = _NAME
    return types.InputRequiredResult(input_requests=asked) if asked else _said("There is nobody to ask.")


TOOLS: tuple[AnyTool, ...] = (
    tool("test_sampling", "Asks for a message", _sample, Sampling),
    tool("test_elicitation", "Asks the user", _elicit_user, Elicitation),
    tool("test_elicitation_sep1034_defaults", "Asks with defaults", _eliciting(_DEFAULTS)),
    tool("test_elicitation_sep1330_enums", "Asks with choices", _eliciting(_ENUMS)),
    tool("test_input_required_result_elicitation", "Asks a name", _asking({"user_name": _NAME})),
    tool("test_streaming_elicitation", "Asks a name", _asking({"user_name": _NAME})),
    tool(
        "test_input_required_result_sampling",
        "Asks for a message",
        _asking({"capital_question": _message("What is the capital of France?", 100)}),
    ),
    tool("test_missing_capability", "Asks for a message", _asking({"sample": _message("Say hello.", 50)})),
    tool("test_input_required_result_list_roots", "Asks for roots", _asking({"client_roots": _ROOTS})),
    tool(
        "test_input_required_result_request_state",
        "Asks with a state",
        _asking({"confirm": _form("Please confirm", "ok", "boolean")}, "round 1"),
    ),
    tool(
        "test_input_required_result_tampered_state",
        "Asks with a state",
        _asking({"confirm": _form("Please confirm", "ok", "boolean")}, "round 1"),
    ),
    tool(
        "test_input_required_result_multiple_inputs",
        "Asks three things",
        _asking(
            {"user_name": _NAME, "greeting": _message("Generate a greeting", 50), "client_roots": _ROOTS}, "round 1"
        ),
    ),
    tool("test_input_required_result_multi_round", "Asks twice", _in_steps),
    tool("test_input_required_result_capabilities", "Asks what it may", _what_is_offered),
)


def _with_context(_: Mapping[str, str], context: Context) -> list[types.PromptMessage] | types.InputRequiredResult:
    if "user_context" not in _responses(context):
        question = _form("What context should the prompt use?", "context")
        return types.InputRequiredResult(input_requests={"user_context": question})
    return [types.PromptMessage(role="user", content=text("Thank you for the context."))]


PROMPTS = (Prompt("test_input_required_result_prompt", "Asks", "Asks for its context", (), _with_context),)
