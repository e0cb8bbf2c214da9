"""Rules on configuration changes: a change that touches a secret needs a reference to a security review."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.record.derivations.security_review import unreferenced
from release_staging.record.rules.rule import UNREAD, Context, Raised, rule


@rule(
    Code.UNREVIEWED_SECRET_CHANGE,
    title="A secret changes without a security review",
    looks_at="configuration changes that touch secrets, and the security-review references in manifests and diffs",
    remedy="Have the change looked at, and name the review's reference in the manifest (securityReview) or in the diff (Security-Review:).",
    owner=Role.SECURITY_REVIEWER,
    revision=3,
)
def unreviewed_secret_change(context: Context) -> Iterator[Raised]:
    """Where the manifest that may name the review is not there or could not be read, that holds the packet, and this is noted."""
    unread = context.view.held_for(*UNREAD)
    silent = any(one.sha256 in unread for one in context.view.meant_for("release_manifest")) or context.view.lacks_a_document
    for row in unreferenced(context.view):
        document = context.view.documents[row["document"]]
        what = f"{row['key'] or 'a value'} in {row['file'] or document.path}"
        message = f"{row['action']}: {what} touches a secret and no security review is named for it"
        yield Raised(document.path, message, (document.at(row["locator"]),), source=document.source, holds=not silent)
