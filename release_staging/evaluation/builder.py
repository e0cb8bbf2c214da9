"""A packet in the making: documents, and the descriptor that says what they are. Every step leaves the builder it starts from as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from release_staging.evaluation import edits, signing
from release_staging.parsing import yaml
from release_staging.parsing.archive import Member, write_tar_gz, write_zip

DESCRIPTOR = "packet.yaml"
STATEMENT = "json-pointer:/payload;base64;json-pointer:"  # where the Statement in a DSSE envelope begins


@dataclass(frozen=True)
class PacketBuilder:
    """``documents`` are path to bytes without the descriptor; ``said`` is the descriptor as a tree, ``kept`` its bytes as long
    as nothing changed them, None where it has to be written again; ``absent`` that the packet has no descriptor.
    """

    documents: Mapping[str, bytes]
    said: Mapping[str, Any]
    kept: bytes | None = field(default=None, repr=False)
    absent: bool = False

    @property
    def id(self) -> str:
        """The id that the descriptor declares."""
        return str(self.said["id"])

    @property
    def files(self) -> dict[str, bytes]:
        """Everything the packet holds, by path."""
        described = {} if self.absent else {DESCRIPTOR: self._descriptor()}
        return dict(sorted({**self.documents, **described}.items()))

    # Documents

    def without(self, path: str, *, keep_entry: bool = False) -> Self:
        """Without a document and its entry; with ``keep_entry`` the descriptor still names it. Without the descriptor: ``packet.yaml``."""
        if path == DESCRIPTOR:
            return replace(self, absent=True)
        self._must_hold(path)
        rest = {name: data for name, data in self.documents.items() if name != path}
        entries = self.entries if keep_entry else [entry for entry in self.entries if entry["path"] != path]
        return self._with(rest, entries)

    def replace(self, path: str, data: bytes, *, stale: bool = False) -> Self:
        """Other bytes; for ``packet.yaml`` they are written as they are. ``stale`` leaves the digest in the descriptor as it was."""
        if path == DESCRIPTOR:
            return replace(self, kept=data, absent=False)
        self._must_hold(path)
        return self._with({**self.documents, path: data}, [self._refreshed(entry, path, data, stale) for entry in self.entries])

    def add(self, path: str, data: bytes, **entry: Any) -> Self:
        """One more document; ``entry`` is what the descriptor says of it beside path and digest."""
        if path in self.documents:
            raise KeyError(f"{path} is in the packet already")
        said = {"path": path, **entry}
        said.setdefault("sha256", _sha256(data))
        return self._with({**self.documents, path: data}, [*self.entries, said])

    def rename(self, path: str, new: str) -> Self:
        """The same document under another path."""
        self._must_hold(path)
        documents = {new if name == path else name: data for name, data in self.documents.items()}
        return self._with(documents, [{**entry, "path": new} if entry["path"] == path else entry for entry in self.entries])

    def put(self, path: str, locator: str, value: Any) -> Self:
        """A value set at a locator (see ``edits.put``). A Statement in an envelope has then to be signed again."""
        return self.replace(path, edits.put(self._must_hold(path), locator, value))

    def remove(self, path: str, locator: str) -> Self:
        """What stands at a locator taken out."""
        return self.replace(path, edits.remove(self._must_hold(path), locator))

    def edit_text(self, path: str, old: str, new: str, *, stale: bool = False) -> Self:
        """``old``, which must stand exactly once, replaced by ``new``."""
        text = self._must_hold(path).decode()
        if text.count(old) != 1:
            raise ValueError(f"{path}: {old!r} stands there {text.count(old)} times, not once")
        return self.replace(path, text.replace(old, new).encode(), stale=stale)

    def edit_json(self, path: str, pointer: str, value: Any, *, stale: bool = False) -> Self:
        """The value at an RFC 6901 pointer set; a member may be new, and ``-`` appends to an array (RFC 6902)."""
        return self.replace(path, edits.put(self._must_hold(path), f"json-pointer:{pointer}", value), stale=stale)

    def remove_json(self, path: str, pointer: str, *, stale: bool = False) -> Self:
        """The member or element at an RFC 6901 pointer taken out."""
        return self.replace(path, edits.remove(self._must_hold(path), f"json-pointer:{pointer}"), stale=stale)

    # Attestations

    def edit_statement(self, path: str, pointer: str, value: Any) -> Self:
        """A value set in the statement of a DSSE envelope; its signature is then of something else, until ``resign``."""
        return self.put(path, STATEMENT + pointer, value)

    def resign(self, path: str, key: signing.PrivateKey, key_id: str, *, pointer: str = "") -> Self:
        """The DSSE envelope at ``pointer`` of a document signed with ``key`` alone."""
        return self.replace(path, signing.resigned(self._must_hold(path), pointer, key, key_id))

    # Descriptor

    def descriptor(self, **changes: Any) -> Self:
        """Members of the descriptor set; objects are merged, None takes a member out."""
        return replace(self, said=_merged(self.said, changes), kept=None)

    def entry(self, path: str, **changes: Any) -> Self:
        """What the descriptor says of a document set; None takes a member out."""
        if all(entry["path"] != path for entry in self.entries):
            raise KeyError(f"the descriptor has no entry for {path}")
        return self._with(self.documents, [_merged(entry, changes) if entry["path"] == path else entry for entry in self.entries])

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the descriptor says of documents."""
        return list(self.said.get("documents", ()))

    # Writing; each returns the path of what was written

    def write_folder(self, folder: Path, name: str | None = None, *, ready: bool = False) -> Path:
        """As ``folder/<name>``, by default the packet's id; ``ready`` puts the marker of a complete packet in."""
        root = folder / (name or self.id)
        _write(root, self.files | ({".ready": b""} if ready else {}))
        return root

    def write_zip(self, folder: Path, name: str | None = None) -> Path:
        """As ``folder/<name>.zip``; the same packet gives the same bytes."""
        path = folder / f"{name or self.id}.zip"
        with path.open("wb") as file:
            write_zip(file, self._members())
        return path

    def write_tar_gz(self, folder: Path, name: str | None = None) -> Path:
        """As ``folder/<name>.tar.gz``; the same packet gives the same bytes."""
        path = folder / f"{name or self.id}.tar.gz"
        with path.open("wb") as file:
            write_tar_gz(file, self._members())
        return path

    def write_bag(self, folder: Path, name: str | None = None) -> Path:
        """As a BagIt bag (RFC 8493) ``folder/<name>``, the packet being its payload."""
        root = folder / (name or self.id)
        payload = {f"data/{path}": data for path, data in self.files.items()}
        tags = {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}\n".encode(),
            "manifest-sha256.txt": _manifest(payload),
        }
        _write(root, payload | tags | {"tagmanifest-sha256.txt": _manifest(tags)})
        return root

    def _members(self) -> list[Member]:
        return [Member(path, data) for path, data in self.files.items()]

    def _with(self, documents: Mapping[str, bytes], entries: list[dict[str, Any]]) -> Self:
        return replace(self, documents=documents, said={**self.said, "documents": entries}, kept=None)

    def _must_hold(self, path: str) -> bytes:
        if path not in self.documents:
            raise KeyError(f"{path} is not in the packet; there are {', '.join(self.documents)}")
        return self.documents[path]

    @staticmethod
    def _refreshed(entry: dict[str, Any], path: str, data: bytes, stale: bool) -> dict[str, Any]:
        return entry if entry["path"] != path or "sha256" not in entry or stale else {**entry, "sha256": _sha256(data)}

    def _descriptor(self) -> bytes:
        return self.kept if self.kept is not None else yaml.dump(dict(self.said))


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{_sha256(data)}  {path}\n" for path, data in files.items()).encode()


def _merged(tree: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**tree}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged[name], value) if isinstance(value, dict) and isinstance(merged.get(name), dict) else value
    return merged
