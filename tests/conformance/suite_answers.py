"""What the conformance suite's fixture tools, resources and prompts answer without asking anybody anything."""

from __future__ import annotations

import base64
import io
import re
import struct
import wave
import zlib
from collections.abc import Mapping

import anyio
import mcp_types as types

from vdw.domain.principal import Permission
from vdw.errors import ErrorCode, VdwError
from vdw.server.inputs import Input
from vdw.server.registry import AnyTool, Call, Context, Prompt, Resource, Tool

PERMISSION = Permission.PROJECT_READ
EMBEDDED = "This is an embedded resource content."
LOG_PAUSE_S = 0.05
"""What the suite wants between two notifications, in seconds."""


class Nothing(Input):
    """No arguments."""


def _png() -> bytes:
    """One red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def _wav() -> bytes:
    """A hundredth of a second of silence."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(b"\x80" * 80)
    return sound.getvalue()


def text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


def image() -> types.ImageContent:
    return types.ImageContent(type="image", data=base64.b64encode(_png()).decode(), mime_type="image/png")


def sound() -> types.AudioContent:
    return types.AudioContent(type="audio", data=base64.b64encode(_wav()).decode(), mime_type="audio/wav")


def embedded(uri: str, words: str, mime_type: str = "text/plain") -> types.EmbeddedResource:
    return types.EmbeddedResource(
        type="resource", resource=types.TextResourceContents(uri=uri, text=words, mime_type=mime_type)
    )


def tool(name: str, description: str, call: object, taken: type[Input] = Nothing) -> AnyTool:
    """A row of the registry as the product's own are."""
    return Tool(name, name, description, PERMISSION, taken, None, call)  # type: ignore[arg-type] # checked when called


def _constant(name: str, *content: types.ContentBlock) -> AnyTool:
    async def answer(_: Call, __: Nothing) -> types.CallToolResult:
        return types.CallToolResult(content=list(content))

    return tool(name, "Answers the same each time", answer)


async def _fail(_: Call, __: Nothing) -> types.CallToolResult:
    raise VdwError(ErrorCode.INVALID_INPUT, "This tool intentionally returns an error for testing", "Nothing.")


async def _report_progress(call: Call, _: Nothing) -> types.CallToolResult:
    for done in (0, 50, 100):
        await call.progress(done, 100, f"{done} of 100")
        await anyio.sleep(LOG_PAUSE_S)
    return types.CallToolResult(content=[text("All of it is done.")])


async def _log(call: Call, _: Nothing) -> types.CallToolResult:
    assert call.context is not None
    for words in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await call.context.session.send_log_message("info", words, related_request_id=call.context.request_id)
        await anyio.sleep(LOG_PAUSE_S)
    return types.CallToolResult(content=[text("Three lines were logged.")])


TOOLS: tuple[AnyTool, ...] = (
    _constant("test_simple_text", text("This is a simple text response for testing.")),
    _constant("test_image_content", image()),
    _constant("test_audio_content", sound()),
    _constant("test_embedded_resource", embedded("test://embedded-resource", EMBEDDED)),
    _constant(
        "test_multiple_content_types",
        text("Multiple content types test:"),
        image(),
        embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json"),
    ),
    tool("test_error_handling", "Fails", _fail),
    tool("test_tool_with_progress", "Tells how far it is", _report_progress),
    tool("test_tool_with_logging", "Logs", _log),
    tool("test_logging_tool", "Logs", _log),
)


def _resource(uri: str, mime_type: str, content: str | bytes) -> Resource:
    return Resource(uri, uri, uri, "Stays the same", mime_type, re.compile(re.escape(uri)), lambda *_: content)


def _filled(_: object, __: object, found: dict[str, str]) -> str:
    return f'{{"id":"{found["id"]}","templateTest":true,"data":"Data for ID: {found["id"]}"}}'


RESOURCES = (
    _resource("test://static-text", "text/plain", "This is the content of the static text resource."),
    _resource("test://static-binary", "image/png", _png()),
    Resource(
        "test://template/{id}/data",
        "template",
        "A template",
        "Repeats its id",
        "application/json",
        re.compile(r"test://template/(?P<id>[0-9]{1,9})/data"),
        _filled,
    ),
)


def _user(*content: types.ContentBlock) -> list[types.PromptMessage]:
    return [types.PromptMessage(role="user", content=each) for each in content]


def _with_arguments(given: Mapping[str, str], _: Context) -> list[types.PromptMessage]:
    return _user(text(f"Prompt with arguments: arg1='{given['arg1']}', arg2='{given['arg2']}'"))


def _with_resource(given: Mapping[str, str], _: Context) -> list[types.PromptMessage]:
    words = "Embedded resource content for testing."
    return _user(embedded(given["resourceUri"], words), text("Please process the embedded resource above."))


def _argument(name: str) -> types.PromptArgument:
    return types.PromptArgument(name=name, description="For the test", required=True)


PROMPTS = (
    Prompt(
        "test_simple_prompt",
        "Simple",
        "Says one thing",
        (),
        lambda _, __: _user(text("This is a simple prompt for testing.")),
    ),
    Prompt(
        "test_prompt_with_arguments",
        "Arguments",
        "Repeats its arguments",
        (_argument("arg1"), _argument("arg2")),
        _with_arguments,
    ),
    Prompt(
        "test_prompt_with_embedded_resource",
        "Resource",
        "Brings a resource",
        (_argument("resourceUri"),),
        _with_resource,
    ),
    Prompt(
        "test_prompt_with_image",
        "Image",
        "Brings an image",
        (),
        lambda _, __: _user(image(), text("Please analyze the image above.")),
    ),
)
