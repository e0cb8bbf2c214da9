"""What free text says that is no fact: words of authority, and conclusions about the release.

Both are found by tables of phrases and located, never believed: evidence may not approve, clear, schedule or waive
anything, and a conclusion needs evidence beside it. A phrase that is negated, conditional or a question says nothing of
the kind. Where in doubt a phrase counts: a person then looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from release_staging.evidence.extract import Extract
from release_staging.evidence.lines import TextDocument
from release_staging.model.confidence import Confidence

_GAP = r"[\s*_`~>|:]{1,40}"  # between the words of a phrase: blanks, line ends, Markdown emphasis, quote marks, cells, colons
_BLANK = re.compile(r"\[[^\]]*\]| \?| ")
_DELIVERY = (
    r"(?:production|prod|release|rollout|roll-?out|roll out|deployment|deploy|launch|promotion|go-?live|ship(?:ping)?|merge to production)"
)
_SUBJECT = r"(?:release|candidate|rollout|roll-?out|deployment|change|build|version|v?\d+\.\d+[\w.+-]{0,40})"
_BE = r"(?:is|are|was|were|has been|have been|had been)"
_ROLE = (
    r"(?:the )?(?:cab|change (?:advisory )?board|(?:release|change|product|engineering) (?:board|manager|management|team)"
    r"|security(?: team)?|qa|sre|ops|operations|ciso|cto|compliance|legal|leadership|platform team|service owner)"
)
_ACT = r"(?:deploy|roll out|rollout|release|ship|promote|proceed|launch|go live|push)"


def _compiled(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern for phrases whose blanks stand for any gap between words (outside character classes)."""
    spaced = (_BLANK.sub(lambda blank: {" ": _GAP, " ?": f"(?:{_GAP})?"}.get(blank[0], blank[0]), phrase) for phrase in phrases)
    return re.compile(r"(?<![A-Za-z0-9-])(?:" + "|".join(spaced) + r")(?![A-Za-z0-9-])", re.IGNORECASE)


_AUTHORITY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "approval",
        (
            rf"(?:pre-?)?(?:approved|authori[sz]ed) for (?:the )?{_DELIVERY}",
            rf"(?:approved|authori[sz]ed) to (?:be )?(?:{_ACT}|deployed|released|shipped|promoted)",
            rf"{_SUBJECT} {_BE} (?:now |hereby |fully |already |formally )?(?:approved|authori[sz]ed)",
            rf"{_SUBJECT} (?:approved|authori[sz]ed) by",
            rf"(?:approved|authori[sz]ed) by {_ROLE}",
            r"lgtm(?:[!,]| (?:for|from|to))",
            r"[(\[]approved[)\]]",
            r"(?:i|we) (?:hereby )?(?:approve|authori[sz]e)",
            rf"approval (?:(?:{_BE} )?(?:hereby )?)?(?:given|granted|obtained|received)",
            r"(?:approval|sign-?off|sign off) (?:from|by) [\w @.-]{1,40} (?:given|granted|obtained|received|in place)",
            rf"sign(?:ed)?[- ]?off (?:(?:{_BE} )?(?:hereby )?)?(?:given|granted|obtained|received)",
            rf"signed[- ]off (?:on |for )(?:the |this )?(?:{_SUBJECT}|{_DELIVERY})",
            r"(?:gave|given|granted|has) (?:us )?(?:his|her|their|final|full|formal)? ?(?:approval|sign-?off)",
        ),
    ),
    (
        "rollout clearance",
        (
            rf"go ahead (?:and|with|to) (?:the |this )?(?:{_ACT}|{_DELIVERY})",
            rf"cleared (?:for|to) (?:the |be )?(?:{_ACT}|{_DELIVERY}|deployed|released|shipped)",
            rf"(?:safe|ok|okay|good|fine|clear|free) to {_ACT}",
            r"green[- ]?light(?:ed)? (?:given|granted|for|to)",
            r"good to go (?:for|to|in) (?:the )?\w+",
            r"ship it",
            r"(?:may|can) (?:now )?(?:be )?(?:go live|proceed to production|rolled out to production|deployed to production|promoted)",
        ),
    ),
    (
        "scheduling request",
        (
            r"(?:please|kindly) (?:(?:re-?)?schedule|book|reserve|arrange|set up|plan)",
            rf"(?:{_DELIVERY}|change window|maintenance window) (?:{_BE} )?(?:booked|reserved|scheduled) (?:for|on|at)",
            rf"(?:schedule|book|reserve) (?:the|a|this) (?:{_DELIVERY}|change window|maintenance window|window|slot) (?:for|on|at)",
        ),
    ),
    (
        "waiver",
        (
            rf"(?:waiver|exemption|exception) (?:(?:{_BE} )?(?:hereby )?)?(?:given|granted|issued|approved|in place)",
            rf"(?:{_BE}) (?:hereby )?waived",
            r"(?:we|i) (?:hereby )?waive",
            rf"waived (?:by {_ROLE}|for|until)",
            r"(?:grant|granted|granting|issued?) (?:a|an|the|this|us a|us an) (?:waiver|exemption|exception)",
            rf"risks? {_BE} (?:hereby |formally )?accepted",
            r"risks? accepted (?:by|for|until)",
        ),
    ),
)

# What takes the force out of a phrase when it stands before it in the same clause, right before it, or opens the clause.
_UNSAID = re.compile(
    r"\b(?:not|never|neither|cannot|unless|until|till|if|whether|when|once|before|pending|await(?:s|ing)?|require[sd]?|requiring|need(?:s|ed|ing)?"
    r"|must|should|shall|would|could|might|to be|ask(?:s|ed|ing)? (?:for|if|whether))\b|n[’']t\b"
    r"|\b(?:no|nor|without)\b(?:\W+\w+)?\W*\Z",
    re.IGNORECASE,
)
_DEMANDED = re.compile(r"[\W\d]*(?:please\s+)?(?:verify|check|confirm|ensure|make sure|see)\b", re.IGNORECASE)
# Tools put a title and a text together without a stop between them: a capital article begins what is said next.
_CLAUSE = re.compile(r"[.;:!?,](?=\s)|\n[ \t>]*(?:[-*+]|\d{1,9}[.)])\s|[—–|()]|(?<=[a-z0-9]) (?=(?:A|An|The|This|We) )")
_SENTENCE_END = re.compile(r"[.!?](?=[\s*_`)\]\"']|$)|\n[ \t>]*(?:[-*+]|\d{1,9}[.)])\s")
_LEAD = re.compile(r"(?:[\s>#|]|[-*+]\s|\d{1,9}[.)]\s|\[[ xX]\]\s)*")

_CONCLUSIONS = _compiled(
    (
        r"(?:poses?|carries|presents?|with|at|has|introduces?) (?:zero|negligible|minimal|little|low) (?:additional |residual )?risks?",
        r"no (?:additional |residual |further |remaining )?risks?",
        r"risk[- ]free",
        r"(?:is|are|remains?) (?:entirely |completely |now |fully |therefore )?safe",
        r"(?:is|are|was|were) (?:entirely |completely |therefore )?(?:not|un) ?(?:affected|vulnerable|impacted|exposed|susceptible)",
        r"(?:is|are) (?:entirely |completely |therefore )?immune",
        r"(?:will|would|can|could) (?:not|never) be (?:affected|impacted|exposed|hit)",
        r"risks?(?: [\w.-]{1,40}){0,4} (?:very )?(?:low|negligible|minimal|none|zero|acceptable)(?=[\s*_`]{0,4}(?:[.,;!|)]|\Z))",
        r"low[- ]risk",
        r"(?:cannot|can not|can't|won't|will not|will never)(?: [\w'-]{1,40}){1,6} again",
        r"fixed in",
        r"(?:has|have) been (?:fully |completely |permanently )?(?:fixed|resolved|eliminated|remediated)",
        r"(?:will|can|could|should|does) ?(?:not|never) (?:recur|reoccur|happen again|occur again|happen|come back|re-?appear)",
        r"(?:cannot|won't|can't) (?:recur|reoccur|happen again|occur again|happen)",
        r"no (?:chance|possibility|likelihood) of (?:recurrence|a recurrence|this recurring)",
        r"(?:can|could|may|is|are) (?:safely )?(?:be )?(?:ruled out|excluded|disregarded|ignored)",
        r"(?:does|do) not (?:apply|affect|impact|concern|touch)",
        r"(?:has|have|had) no (?:impact|effect|bearing|influence) on",
        r"no (?:impact|effect|bearing) on",
        r"not applicable to",
        r"(?:is|are) (?:unrelated|irrelevant|not relevant) to",
    )
)
_FOREVER = re.compile(r"(?:recur|reoccur|happen\W{1,20}again|occur\W{1,20}again|recurrence)", re.IGNORECASE)
_RELEASE = re.compile(
    r"\b(?:this|the|that|current|upcoming|next|new|our|present)[\s*_`]{1,20}(?:\w{1,40}[\s*_`]{1,20})?(?:release|candidate|rollout|roll-?out|deployment|version|build|upgrade)\b"
    r"|\brelease[\s*_`]{1,20}candidate\b|\bcandidate\b|(?<![\w.])v?\d+\.\d+(?:\.\d+)?(?:-(?:rc|alpha|beta)[\w.]{0,20})?(?![\w%]|\.\d)",
    re.IGNORECASE,
)
_BEARING = re.compile(
    r"bearing on|this release|release candidate|\bcandidate\b|\bconclusions?\b|release risk|risk (?:assessment|to)", re.IGNORECASE
)
_CITATION = re.compile(
    r"(?<!`)`(?P<cited>sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})|[\w@+~-][\w@+~./-]*\.[A-Za-z]\w{0,9}|[\w@+~.-]+(?:/[\w@+~.-]+)+)`(?!`)"
)
_NEAR = 300  # characters on either side of a phrase in which its clause is looked for
MOST_CHARS = 200


@dataclass(frozen=True)
class Found:
    """A stretch of a text, from ``start`` to before ``end``; ``kind`` says what was found there."""

    kind: str
    start: int
    end: int


_PHRASES = tuple((kind, _compiled(phrases)) for kind, phrases in _AUTHORITY)


def authority(text: str) -> list[Found]:
    """Words of authority in ``text``, in order: their kind is approval, rollout clearance, scheduling request or waiver."""
    found = [
        Found(kind, match.start(), match.end())
        for kind, pattern in _PHRASES
        for match in pattern.finditer(text)
        if not _is_unsaid(text, match.start(), match.end())
    ]
    return sorted(found, key=lambda item: (item.start, item.kind))


def conclusions(text: str, section: str = "") -> list[Found]:
    """The sentences of a paragraph that conclude something about the release's risk, at most ``MOST_CHARS`` long each.

    ``section`` is the heading the paragraph stands under: one that speaks of the release makes every conclusion below it
    one about the release. A sentence that says that something will not recur is one wherever it stands.
    """
    found: list[Found] = []
    bearing = _BEARING.search(section) is not None
    for start, end in sentences(text):
        about = bearing or _RELEASE.search(text, start, end) is not None
        for match in _CONCLUSIONS.finditer(text, start, end):
            if (about or _FOREVER.search(match[0])) and not _is_unsaid(text, match.start(), match.end(), start):
                begin = start if match.end() - start <= MOST_CHARS else match.start()
                found.append(Found("conclusion", begin, min(end, begin + MOST_CHARS)))
                break
    return found


def citations(text: str) -> list[Found]:
    """Paths of the packet and digests of documents that ``text`` names in backticks, without these."""
    return [Found("citation", *match.span("cited")) for match in _CITATION.finditer(text)]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, without list marks and quote marks before it."""
    start = 0
    for stop in [*(match.start() + 1 for match in _SENTENCE_END.finditer(text)), len(text)]:
        lead = _LEAD.match(text, start, stop)
        begin = lead.end() if lead else start
        end = begin + len(text[begin:stop].rstrip())
        if end > begin:
            yield begin, end
        start = stop


def claim_authority(document: TextDocument, start: int, end: int, out: Extract) -> None:
    """Claims every statement of authority in lines ``start`` to before ``end``; the value is only its kind."""
    text = "\n".join(document.lines[start:end])
    for found in authority(text):
        place = document.span(start, end, chars=(found.start, min(found.end, found.start + MOST_CHARS)))
        out.claim("authority.statement", place, value=found.kind, confidence=Confidence.LOW)


def _is_unsaid(text: str, start: int, end: int, sentence: int = 0) -> bool:
    """Whether what stands before a phrase, in its clause, negates it or makes it a condition; or its sentence is a question."""
    near = max(sentence, start - _NEAR)
    before = max((match.end() for match in _CLAUSE.finditer(text, near, start)), default=near)
    stop = _SENTENCE_END.search(text, end, end + _NEAR)
    asks = stop is not None and text[stop.start()] == "?"
    return asks or _UNSAID.search(text, before, start) is not None or _DEMANDED.match(text, before, start) is not None
