"""What can be read in more than one way, and what is tied to the candidate by nothing."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_LOW = Code.LOW_CONFIDENCE


@fault(_LOW, "A build checked out several repositories", having("checkouts", "pipeline_runs"))
def several_checkouts(packet: Packet, site: Site, _: Random) -> Faulty:
    """A library of pipelines, beside the service; the build does not say which is which."""
    checkout = edits.value_at(packet.data(site.path), f"{site.places[0]}/2")
    library = packet.world.hex("library commit", 40)
    other = {
        **checkout,
        "lastBuiltRevision": {"SHA1": library, "branch": [{"SHA1": library, "name": "refs/remotes/origin/main"}]},
        "remoteUrls": ["https://git.example.com/platform/pipeline-library.git"],
    }
    return held(packet.put(site.path, f"{site.places[0]}/-", other), Expected(_LOW, site.path))


def _provenances(packet: Packet) -> Iterator[Site]:
    for site in having("commit", "provenance_attestations")(packet):
        if site.form == "dsse-envelope" and "resolvedDependencies" in site.places[0]:
            yield site


@fault(_LOW, "A provenance has several sources and names none as the one built", _provenances)
def several_sources(packet: Packet, site: Site, _: Random) -> Faulty:
    dependencies = site.places[0].partition("/0/digest")[0]
    library = {
        "uri": "git+https://github.com/example-platform/pipeline-library@refs/heads/main",
        "digest": {"gitCommit": packet.world.hex("library commit", 40)},
    }
    parameters = dependencies.replace("resolvedDependencies", "externalParameters")
    packet = packet.put(site.path, f"{dependencies}/-", library).put(site.path, parameters, {})
    return held(packet.signed_again(site.path), Expected(_LOW, site.path))


@fault(_LOW, "A page of releases, of which none is named", documents("release_manifest", forms=("gitlab-release",)))
def several_releases(packet: Packet, site: Site, _: Random) -> Faulty:
    release = edits.value_at(packet.data(site.path), "json-pointer:")
    older = {**release, "tag_name": packet.world.previous.tag}
    return held(packet.replaced(site.path, edits.dumped([release, older])), Expected(_LOW, site.path))


def _nameless(packet: Packet) -> Iterator[Site]:
    for one in packet.of("test_reports"):
        if one.level == "load" and one.by_run:
            yield Site(one.format, one)


@fault(_LOW, "A report that names nothing is not said to come from the run", _nameless)
def unbound(packet: Packet, site: Site, _: Random) -> Faulty:
    """Told, and not held: most tools never name what they looked at."""
    loose = packet.with_builder(packet.builder.entry(site.path, run=None))
    return Faulty(loose, Expectation((Expected(_LOW, site.path, holds=False),)))
