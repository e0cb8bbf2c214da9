"""Packets for tests: the clean sample packet, changed step by step in memory, written as folder, archive or bag.

Every step returns a new builder. The descriptor's digests follow the documents, unless a step is told ``stale=True``; to
say something false in the descriptor otherwise, use ``entry`` or ``descriptor``.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec

from data.generate.signing import KEY_ID, envelope
from release_staging.model.locators import tokens_of
from release_staging.parsing import yaml as packet_yaml

SAMPLES = Path(__file__).resolve().parent.parent / "data/packets"
DESCRIPTOR = "packet.yaml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a ZIP archive can say


@dataclass(frozen=True)
class PacketBuilder:
    """``documents`` are path to bytes without the descriptor; ``said`` is the descriptor as a tree, ``kept`` its bytes as long
    as nothing changed them, None where it has to be written again; ``absent`` that the packet has no descriptor.
    """

    documents: Mapping[str, bytes]
    said: Mapping[str, Any]
    kept: bytes | None = field(default=None, repr=False)
    absent: bool = False

    @classmethod
    def clean(cls) -> PacketBuilder:
        """The clean sample packet."""
        return cls.sample("clean")

    @classmethod
    def sample(cls, name: str) -> PacketBuilder:
        """A packet of ``data/packets``."""
        files = dict(_files(name))
        kept = files.pop(DESCRIPTOR)
        return cls(files, packet_yaml.parse(kept), kept)

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

    def without(self, path: str, *, keep_entry: bool = False) -> PacketBuilder:
        """Without a document and its entry; with ``keep_entry`` the descriptor still names it. Without the descriptor: ``packet.yaml``."""
        if path == DESCRIPTOR:
            return replace(self, absent=True)
        self._must_hold(path)
        rest = {name: data for name, data in self.documents.items() if name != path}
        entries = self._entries if keep_entry else [entry for entry in self._entries if entry["path"] != path]
        return self._with(rest, entries)

    def replace(self, path: str, data: bytes, *, stale: bool = False) -> PacketBuilder:
        """Other bytes; for ``packet.yaml`` they are written as they are. ``stale`` leaves the digest in the descriptor as it was."""
        if path == DESCRIPTOR:
            return replace(self, kept=data, absent=False)
        self._must_hold(path)
        return self._with({**self.documents, path: data}, [self._refreshed(entry, path, data, stale) for entry in self._entries])

    def add(self, path: str, data: bytes, **entry: Any) -> PacketBuilder:
        """One more document; ``entry`` is what the descriptor says of it beside path and digest."""
        if path in self.documents:
            raise KeyError(f"{path} is in the packet already")
        said = {"path": path, **entry}
        said.setdefault("sha256", _sha256(data))
        return self._with({**self.documents, path: data}, [*self._entries, said])

    def rename(self, path: str, new: str) -> PacketBuilder:
        """The same document under another path."""
        self._must_hold(path)
        documents = {new if name == path else name: data for name, data in self.documents.items()}
        return self._with(documents, [{**entry, "path": new} if entry["path"] == path else entry for entry in self._entries])

    def edit_text(self, path: str, old: str, new: str, *, stale: bool = False) -> PacketBuilder:
        """``old``, which must stand exactly once, replaced by ``new``."""
        text = self._must_hold(path).decode()
        if text.count(old) != 1:
            raise ValueError(f"{path}: {old!r} stands there {text.count(old)} times, not once")
        return self.replace(path, text.replace(old, new).encode(), stale=stale)

    def edit_json(self, path: str, pointer: str, value: Any, *, stale: bool = False) -> PacketBuilder:
        """The value at an RFC 6901 pointer set; a member may be new, and ``-`` appends to an array (RFC 6902)."""
        return self.replace(path, _edited(self._must_hold(path), _setting(pointer, value)), stale=stale)

    def remove_json(self, path: str, pointer: str, *, stale: bool = False) -> PacketBuilder:
        """The member or element at an RFC 6901 pointer taken out."""
        return self.replace(path, _edited(self._must_hold(path), _removing(pointer)), stale=stale)

    # Attestations

    def edit_statement(self, path: str, pointer: str, value: Any) -> PacketBuilder:
        """A value set in the statement of a DSSE envelope; its signature is then of something else, until ``resign``."""
        content = json.loads(self._must_hold(path))
        payload = _edited(base64.b64decode(content["payload"]), _setting(pointer, value))
        return self.edit_json(path, "/payload", base64.b64encode(payload).decode())

    def resign(self, path: str, key: ec.EllipticCurvePrivateKey, key_id: str = KEY_ID) -> PacketBuilder:
        """A DSSE envelope signed with ``key`` alone."""
        payload = base64.b64decode(json.loads(self._must_hold(path))["payload"])
        return self.replace(path, envelope(payload, key, key_id))

    # Descriptor

    def descriptor(self, **changes: Any) -> PacketBuilder:
        """Members of the descriptor set; objects are merged, None takes a member out."""
        return replace(self, said=_merged(self.said, changes), kept=None)

    def entry(self, path: str, **changes: Any) -> PacketBuilder:
        """What the descriptor says of a document set; None takes a member out."""
        if all(entry["path"] != path for entry in self._entries):
            raise KeyError(f"the descriptor has no entry for {path}")
        return self._with(self.documents, [_merged(entry, changes) if entry["path"] == path else entry for entry in self._entries])

    # Writing; each returns the path of what was written

    def write_folder(self, folder: Path, name: str | None = None, *, ready: bool = False) -> Path:
        """As ``folder/<name>``, by default the packet's id; ``ready`` puts the marker of a complete packet in."""
        root = folder / (name or self.id)
        _write(root, self.files | ({".ready": b""} if ready else {}))
        return root

    def write_zip(self, folder: Path, name: str | None = None) -> Path:
        """As ``folder/<name>.zip``; the same packet gives the same bytes."""
        path = folder / f"{name or self.id}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in self.files.items():
                archive.writestr(zipfile.ZipInfo(member, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return path

    def write_tar_gz(self, folder: Path, name: str | None = None) -> Path:
        """As ``folder/<name>.tar.gz``; the same packet gives the same bytes."""
        path = folder / f"{name or self.id}.tar.gz"
        with (
            path.open("wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            for member, data in self.files.items():
                header = tarfile.TarInfo(member)
                header.size = len(data)
                archive.addfile(header, io.BytesIO(data))
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

    @property
    def _entries(self) -> list[dict[str, Any]]:
        return list(self.said.get("documents", ()))

    def _with(self, documents: Mapping[str, bytes], entries: list[dict[str, Any]]) -> PacketBuilder:
        return replace(self, documents=documents, said={**self.said, "documents": entries}, kept=None)

    def _must_hold(self, path: str) -> bytes:
        if path not in self.documents:
            raise KeyError(f"{path} is not in the packet; there are {', '.join(self.documents)}")
        return self.documents[path]

    @staticmethod
    def _refreshed(entry: dict[str, Any], path: str, data: bytes, stale: bool) -> dict[str, Any]:
        return entry if entry["path"] != path or "sha256" not in entry or stale else {**entry, "sha256": _sha256(data)}

    def _descriptor(self) -> bytes:
        return self.kept if self.kept is not None else yaml.safe_dump(dict(self.said), sort_keys=False, allow_unicode=True).encode()


@cache
def _files(name: str) -> tuple[tuple[str, bytes], ...]:
    root = SAMPLES / name
    return tuple((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(root.rglob("*")) if path.is_file())


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


def _edited(data: bytes, edit: Callable[[Any], None]) -> bytes:
    content = json.loads(data)
    edit(content)
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def _setting(pointer: str, value: Any) -> Callable[[Any], None]:
    def edit(content: Any) -> None:
        holder, last = _holder(content, pointer)
        if isinstance(holder, list) and last == "-":
            holder.append(value)
        else:
            holder[int(last) if isinstance(holder, list) else last] = value

    return edit


def _removing(pointer: str) -> Callable[[Any], None]:
    def edit(content: Any) -> None:
        holder, last = _holder(content, pointer)
        del holder[int(last) if isinstance(holder, list) else last]

    return edit


def _holder(content: Any, pointer: str) -> tuple[Any, str]:
    *way, last = tokens_of(pointer)
    for token in way:
        content = content[int(token)] if isinstance(content, list) else content[token]
    return content, last
