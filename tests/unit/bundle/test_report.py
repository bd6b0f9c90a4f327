"""`report.html` is read in a browser by people who do not know whose words stand in it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.unit.bundle.exports import Export
from vdw.bundle.report import Gate, Report, report_html

HOSTILE = '</pre></title><script src="//evil.example/x.js">steal()</script><img src=x onerror="steal()">\u202etxt.exe\u2066\x1b[2J'
ALLOWED_TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "pre", "strong", "code", "ul", "li"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
ALLOWED_ATTRIBUTES = frozenset({"lang", "charset", "http-equiv", "content", "name", "class"})


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(attrs)
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""


def hostile_report(words: str = HOSTILE) -> Report:
    """A report in which every text that anybody but us could write is `words`."""
    signed = {"verdict": words, "approver": words, "assurance": words, "time": words, "notes": [words]}
    finding = {"severity": words, "reason": words, "waived_by": [words]}
    return Report(
        title=words,
        project=words,
        status=words,
        verified=words,
        lane=words,
        iteration=1,
        vibe=words,
        gates=(Gate(words, 1, words, words, (signed,), (finding,), (words,)),),  # type: ignore[arg-type]  # plain JSON
        trace=({"id": words, "statement": words, "components": [words], "tasks": [words]},),
        evidence=({"id": words, "kind": words, "command": words, "verifies": [words]},),
        metrics=({"id": words, "name": words, "target": words, "met": words, "evidence": [words]},),
        unlisted=({"id": words, "kind": words, "command": words, "verifies": [words]},),
        unlisted_count=1,
        kind="demo",
        roots=(words,),
    )


def test_no_text_becomes_markup() -> None:
    page = Page(report_html(hostile_report()))

    assert set(page.tags) <= ALLOWED_TAGS
    assert set(page.attributes) <= ALLOWED_ATTRIBUTES


def test_markup_is_shown_as_the_text_that_it_is() -> None:
    assert "&lt;script src=&quot;//evil.example/x.js&quot;&gt;" in report_html(hostile_report())


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x1b", "\u200b", "\x00"])
def test_marks_that_steer_what_is_seen_are_shown_as_their_code_points(mark: str) -> None:
    page = report_html(hostile_report(f"a{mark}b"))

    assert mark not in page
    assert f"a⟨U+{ord(mark):04X}⟩b" in page


def test_the_page_allows_itself_nothing_but_its_own_style() -> None:
    policy = Page(report_html(hostile_report())).policy

    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "http" not in policy


def test_the_report_of_an_export_fetches_nothing(export: Export) -> None:
    body = export.files["report.html"].decode()
    page = Page(body)

    assert "script" not in page.tags
    assert not {"src", "href", "srcset", "action"} & set(page.attributes)
    assert "url(" not in body
    assert "@import" not in body


def test_the_report_shows_every_gate_every_requirement_and_its_evidence(export: Export) -> None:
    body = export.files["report.html"].decode()

    assert all(revision.digest in body for revision in export.content.revisions.values())
    assert "<td>REQ-001</td>" in body
    assert 'verified: <strong class="ok">yes</strong>' in body
    assert body.count("self-approved") == len(export.content.revisions)
