"""Configuration changes: git, Terraform plans, helm-diff, ``argocd app diff``.

In some worlds a reference to a secret changes too, and the release manifest names the review that covers its file.
"""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, json_document, text_document, z
from release_staging.evaluation.worlds import World

_SOURCE = "config_diffs"


def unified(world: World) -> Written:
    """``git diff``, with the files of the target environments."""
    files = [_values(world, target) for target in world.targets]
    files += [secrets_file(path, world) for path in covered(world)]
    return text_document(world.path("config", "changes.diff"), _SOURCE, "unified-diff", "".join(files))


def covered(world: World) -> tuple[str, ...]:
    """The changed files that the security review in the manifest is about."""
    return (f"config/{world.targets[0]}/secrets.yaml",) if world.random("review").random() < 0.4 else ()


def secrets_file(path: str, world: World) -> str:
    """A changed reference into the secret store, in a file of references."""
    number = world.number("secret version", 2, 40)
    old, new = (f"  DATABASE_PASSWORD_SECRET_REF: {world.service.name}/database-password/v{one}" for one in (number, number + 1))
    before = ("# References into the secret store.", "secretRefs:", old)
    return _file(world, path, before, (*before[:2], new))


def values_file(path: str, world: World) -> str:
    """A changed number of replicas."""
    return _file(world, path, ("image: app", "replicas: 4"), ("image: app", "replicas: 6"))


def terraform_plan(world: World, environment: str) -> Written:
    """``terraform show -json``."""
    tree: dict[str, Any] = {
        "format_version": "1.2",
        "terraform_version": "1.13.5",
        "variables": {"environment": {"value": environment}},
        "planned_values": {"root_module": {"resources": [_resource(world)]}},
        "resource_changes": [_change(world)],
        "output_changes": {},
        "configuration": {"root_module": {}},
        "timestamp": z(world.after(18)),
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    made = json_document(
        world.path("config", "plan.json"),
        _SOURCE,
        "terraform-plan-json",
        tree,
        format="/format_version",
        environment="/variables/environment/value",
        rows="/resource_changes",
    )
    return made.said(environment=environment)


def helm_diff(world: World, environment: str) -> Written:
    """``helm diff upgrade``."""
    name = world.service.name
    text = f"""apps, {name}, Deployment (apps) has changed:
  # Source: {name}/templates/deployment.yaml
  apiVersion: apps/v1
  kind: Deployment
  spec:
-   replicas: {world.number("replicas", 2, 6)}
+   replicas: {world.number("replicas", 2, 6) + 2}
    template:
      spec:
        containers:
          - name: app
-           image: {world.image}:{world.previous.text}
+           image: {world.image}:{world.version.text}
            env:
              - name: LOG_LEVEL
-               value: info
+               value: warn
"""
    return text_document(world.path("config", "helm.diff"), _SOURCE, "helm-diff", text).said(environment=environment)


def argocd_diff(world: World, environment: str) -> Written:
    """``argocd app diff``."""
    text = f"""
===== apps/Deployment apps/{world.service.name} ======
35c35
<         image: {world.image}:{world.previous.text}
---
>         image: {world.image}:{world.version.text}
40a41,42
>         - name: POOL_SIZE
>           value: "{world.number("pool", 8, 64)}"
"""
    return text_document(world.path("config", "argocd.diff"), _SOURCE, "argocd-diff", text).said(environment=environment)


def _values(world: World, target: str) -> str:
    before = (f"environment: {target}", "image:", f"  repository: {world.image}", f"  tag: {world.previous.text}", "replicas: 6")
    after = (*before[:3], f"  tag: {world.version.text}", "replicas: 8")
    return _file(world, f"config/{target}/values.yaml", before, after)


def _file(world: World, path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """One file of a diff whose changed lines come last."""
    same = sum(old == new for old, new in zip(before, after, strict=True))
    changed = [*(f"-{line}" for line in before[same:]), *(f"+{line}" for line in after[same:])]
    return "\n".join(
        (
            f"diff --git a/{path} b/{path}",
            f"index {world.hex(path + 'a', 7)}..{world.hex(path + 'b', 7)} 100644",
            f"--- a/{path}",
            f"+++ b/{path}",
            f"@@ -1,{len(before)} +1,{len(after)} @@",
            *(f" {line}" for line in before[:same]),
            *changed,
            "",
        )
    )


def _resource(world: World) -> dict[str, Any]:
    return {**_named(), "schema_version": 0, "values": _queue(world, 330), "sensitive_values": {}}


def _change(world: World) -> dict[str, Any]:
    change = {
        "actions": ["update"],
        "before": _queue(world, 120),
        "after": _queue(world, 330),
        "after_unknown": {},
        "before_sensitive": {},
        "after_sensitive": {},
    }
    return {**_named(), "change": change}


def _named() -> dict[str, Any]:
    return {
        "address": "aws_sqs_queue.work",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": "work",
        "provider_name": "terraform.example.com/mirror/aws",
    }


def _queue(world: World, timeout: int) -> dict[str, Any]:
    return {"delay_seconds": 0, "name": f"{world.service.name}-work", "visibility_timeout_seconds": timeout}
