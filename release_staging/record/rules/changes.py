"""Rules on configuration changes: a change that touches a secret needs a reference to a security review."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Role
from release_staging.record.rules.rule import Context, Raised, rule


@rule(
    Code.UNREVIEWED_SECRET_CHANGE,
    title="A secret changes without a security review",
    looks_at="configuration changes that touch secrets, and the security-review references in manifests and diffs",
    remedy="Have the change looked at, and name the review's reference in the manifest (securityReview) or in the diff (Security-Review:).",
    owner=Role.SECURITY_REVIEWER,
)
def unreviewed_secret_change(context: Context) -> Iterator[Raised]:
    """A reference covers a file by naming it, or the document it stands in where it names none."""
    view = context.view
    references = view.claimed("security_review.reference")
    for row in view.rows("config_changes", {"touches_secret": True}):
        covered = any(claim.subject == row["file"] or (claim.subject is None and claim.document == row["document"]) for claim in references)
        if not covered:
            document = view.documents[row["document"]]
            what = f"{row['key'] or 'a value'} in {row['file'] or document.path}"
            yield Raised(
                document.path,
                f"{row['action']}: {what} touches a secret and no security review is named for it",
                (document.at(row["locator"]),),
                source=document.source,
            )
