"""Terraform and OpenTofu plan as ``terraform plan`` prints it (0.12 and later), with or without colours.

Read like the plan in JSON (``terraform_plan``): a row for each resource or output that changes, and one for each attribute that
changes. Values are passed over. ``sensitive`` is true where Terraform hides a value, else false. What changed outside of Terraform
is no planned change. The vocabulary of ``verdict``, "terraform-plan": ``planned``, ``errored``. Totals of the last line are
compared with a recount: a plan that was cut off is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from release_staging.evidence.config_diffs.terminal import outside_fences, plain
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.model.exceptions import Code

_ACTIONS_FOLLOW = re.compile(r"(?:Terraform|OpenTofu) (?:will perform|planned) the following actions")
_ONLY_OUTPUTS = re.compile(r"You can apply this plan to save these new output values")
_PLAN = re.compile(
    r"Plan:(?: \d{1,9} to import,)? (?P<added>\d{1,9}) to add, (?P<changed>\d{1,9}) to change, (?P<removed>\d{1,9}) to destroy"
    r"(?:, (?P<forgotten>\d{1,9}) to forget)?\.\Z"
)
_NO_CHANGES = re.compile(r"No changes\. (?:Your i|I)nfrastructure ")
_HEADER = re.compile(r"  ?# (?P<address>[^\s(]\S{0,500}(?: \(deposed object \w+\))?) (?P<what>(?:will|must|has|is) .{1,500})\Z")
_WHAT: tuple[tuple[str, str | None], ...] = (
    ("will be created", "added"),
    ("will be updated in-place", "changed"),
    ("will be destroyed", "removed"),
    ("must be replaced", "replaced"),
    ("will be replaced", "replaced"),
    ("is tainted, so", "replaced"),
    ("will no longer be managed", "removed"),
    ("will be removed from the", "removed"),
    ("will be read during apply", None),
    ("has moved to", None),
    ("will be imported", None),
    ("has changed", None),
    ("has been changed", None),
    ("has been deleted", None),
)
_SIGNED = re.compile(r"(?P<indent> *)(?P<sign>-/\+|\+/-|<=|[+~-]) +(?=\S)")
_SIGNS = {"+": "added", "-": "removed", "~": "changed", "-/+": "replaced", "+/-": "replaced", "<=": "changed"}
_ITEM = re.compile(r"""(?P<key>"(?:[^"\\]|\\.){1,300}"|[A-Za-z_][\w.-]{0,200})\s*(?:=\s|=\Z|(?:"[^"]*" )*(?=\{\s*(?:#|\Z)))""")
_OPENER = re.compile(r"(?P<open>[{\[(]|<<[-~]?\w+)\s*(?:#.*)?\Z")
_HIDDEN = re.compile(r"\(sensitive(?: value)?\)")
_HIDDEN_BLOCK = re.compile(r"\s*# At least one attribute in this block is \(or was\) sensitive")
_PROGRESS = re.compile(r"\S.{0,1000}: (?:Refreshing state|Reading|Still reading|Read complete|Refresh complete|Refreshing)\b")
_ERROR = re.compile(r"(?:[│|╷] )?(?P<word>Error): |(?P<failed>Planning failed)\.")
_BOILERPLATE = re.compile(
    r"(?:Terraform|OpenTofu) (?:used the selected|will perform|planned the following|detected the following)"
    r"|(?:Terraform|OpenTofu) has (?:compared your|checked that)|your most recent changes|An execution plan has been"
    r"|plan\. Resource actions|Resource actions are indicated|The refreshed state will be|Refreshing (?:Terraform|OpenTofu) state"
    r"|  [+~-] (?:create|update in-place|destroy)\b|-/\+ destroy and then|\+/- create replacement| <= read|Note: |─|-{10,}"
    r"|persisted to|terraform apply|Unless you have|these changes|guarantee to take|Saved the plan to|To perform exactly| {4}\"?terraform"
    r"|last \"terraform apply\"|which may have affected|can't guarantee|\"terraform apply\" is|found no differences"
    r"|Your configuration already|state, without changing any real|actions to undo|and found no"
)


def recognise(head: Head) -> str | None:
    planned = False
    for _, line in outside_fences(head.root):
        if _ACTIONS_FOLLOW.match(line) or _NO_CHANGES.match(line) or _ONLY_OUTPUTS.match(line):
            return ""
        header = _HEADER.match(line)
        planned = planned or (header is not None and _action_of(header["what"]) is not None)
        if planned and _PLAN.match(line):
            return ""
    return None


def _action_of(what: str) -> str | None:
    return next((action for start, action in _WHAT if what.startswith(start)), None)


def read(document: TextDocument, out: Extract) -> None:
    _Scan(document, out, [plain(line) for line in document.lines]).run()


@dataclass
class _Scan:
    """One pass over the lines; ``path`` holds column, key and action of the containers that are open."""

    document: TextDocument
    out: Extract
    lines: Sequence[str]
    address: str | None = None  # of the resource that the lines below change; None where they change nothing
    in_block: bool = False
    in_outputs: bool = False
    path: list[tuple[int, str, str | None]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    ended: bool = False  # the plan's last words were found
    at: int = 0

    def run(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if header := _HEADER.match(line):
                self._open(header)
            elif plan := _PLAN.match(line):
                self._claim("planned", *plan.span())
                self._compare(plan)
                self._close()
            elif match := _NO_CHANGES.match(line):
                self._claim("planned", match.start(), match.start() + len("No changes"))
            elif match := _ONLY_OUTPUTS.match(line):
                self._claim("planned", *match.span())
                self._close()
            elif match := _ERROR.match(line):
                self._claim("errored", *match.span("word" if match["word"] else "failed"))
            elif line.startswith("Changes to Outputs:"):
                self._close()
                self.in_outputs = True
                self._pass("layout")
            elif not line.strip():  # nothing, or colours alone
                self._pass("layout")
            elif _PROGRESS.match(line):
                self._pass("progress")
            elif line.startswith(("│", "╷", "╵")):
                self._pass("diagnostics")
            elif self.in_block and line.startswith((" . ", " # (")):  # of a resource that is forgotten
                self._pass("layout")
            elif (self.in_block or self.in_outputs) and line.strip() and line.startswith(("  ", "-/+ ", "+/- ")):
                self._read_item(line)
            elif _BOILERPLATE.match(line):
                self._close()
                self._pass("boilerplate")
            self.at += 1
        if not self.ended:
            message = "the plan ends before its totals; it was cut off or edited"
            self.out.problem(Code.EVIDENCE_UNREADABLE, message, self.document.span(len(self.lines) - 1))

    def _pass(self, rule: str) -> None:
        self.document.summarise(self.at, self.at + 1, rule=rule)

    def _claim(self, verdict: str, start: int, end: int) -> None:
        raw = self.document.lines[self.at]
        self.ended = True
        begin = raw.find(self.lines[self.at][start:end])
        place = self.document.span(self.at, chars=(begin, begin + end - start)) if begin >= 0 else self.document.span(self.at)
        self.out.claim("verdict", place, value=verdict, vocabulary="terraform-plan")

    def _open(self, header: re.Match[str]) -> None:
        self._close()
        self.in_block = True
        what, place = header["what"], self.document.span(self.at)
        if not any(what.startswith(start) for start, _ in _WHAT):
            self.out.drift(place, "what Terraform will do with a resource, in its known words")
        action = _action_of(what)
        self.document.mark(self.at)
        if action is None:
            return
        self.address = header["address"]
        self.counted[action if not what.startswith(("will no longer", "will be removed from the")) else "forgotten"] += 1
        self.out.row("config_changes", place, file=self.address, action=action)

    def _close(self) -> None:
        self.address, self.in_block, self.in_outputs = None, False, False
        self.path.clear()

    def _read_item(self, line: str) -> None:
        """A line of a resource or of the outputs: an attribute, an element, a block, or the end of one."""
        signed = _SIGNED.match(line)
        column = signed.end() if signed else len(line) - len(line.lstrip())
        text = line[column:]
        while self.path and self.path[-1][0] >= column:
            self.path.pop()
        action = _SIGNS[signed["sign"]] if signed else None
        self._pass("context" if self.address or self.in_outputs else "no-planned-change")
        if _HIDDEN_BLOCK.match(line) and self.path:
            self._tell(None, self.path[-1][2] or "changed", sensitive=True)
            return
        if text.startswith(("#", "}", "]", ")")):
            return
        item = _ITEM.match(text)
        key = item["key"].strip('"') if item else "[]"
        opener = _OPENER.search(text)
        if self.in_block and text.startswith(("resource ", "data ")) and column == 4:
            self.document.mark(self.at)
        elif opener and opener["open"] in ("{", "[") and not self.in_outputs:
            self.path.append((column, key, action))
        else:
            if action is not None and (not self.in_outputs or column == 4):
                self._tell(key, action, sensitive=_HIDDEN.search(text) is not None)
            if opener:
                self._skip_value(opener["open"], column)

    def _tell(self, key: str | None, action: str, *, sensitive: bool) -> None:
        place = self.document.span(self.at)
        if self.in_outputs:
            self.out.row("config_changes", place, file=f"output.{key}", action=action, sensitive=sensitive)
        elif self.address:
            names = [name for _, name, _ in self.path] + ([key] if key else [])
            path = ".".join(names).replace(".[]", "[]")
            self.out.row("config_changes", place, file=self.address, key=path, action=action, sensitive=sensitive)
        else:
            return
        self.document.mark(self.at)

    def _skip_value(self, opened: str, column: int) -> None:
        """Passes over the lines of a value that was opened: a heredoc, an encoded text, a container of an output."""
        end = self.at + 1
        while end < len(self.lines) and not (_HEADER.match(self.lines[end]) or _PLAN.match(self.lines[end])):
            end += 1
            if self._closes(self.lines[end - 1], opened, column):
                break
        self.document.summarise(self.at + 1, end, rule="values")
        self.at = end - 1

    @staticmethod
    def _closes(line: str, opened: str, column: int) -> bool:
        body = line.lstrip()
        if opened.startswith("<<"):
            return body.startswith(opened.lstrip("<-~"))
        return len(line) - len(body) <= column and body.startswith((")", "}", "]"))

    def _compare(self, plan: re.Match[str]) -> None:
        replaced = self.counted["replaced"]
        expected = {"added": replaced, "changed": 0, "removed": replaced}
        if plan["forgotten"]:
            expected["forgotten"] = 0
        for action, extra in expected.items():
            listed = self.counted[action] + extra
            if int(plan[action]) != listed:
                message = f"the plan declares {plan[action]} resources {action}, {listed} are listed; it was cut off or edited"
                self.out.problem(Code.CONTRADICTION, message, self.document.span(self.at), expected=str(listed), found=plan[action])


READER = Reader(
    source="config_diffs",
    format="terraform-plan-text",
    title="Terraform or OpenTofu plan (text)",
    reference="Terraform documentation, terraform plan; internal/command/views and jsonformat",
    encodings=(TEXT,),
    media_type="text/plain",
    recognise=recognise,
    read=read,
    revision=2,
)
