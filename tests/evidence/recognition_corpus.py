"""What the corpus says of itself, for the measure of recognition: of which formats a folder's files may be, and where to read the version.

Written by hand from the corpus's README and INDEX.tsv and from looking at the files, not from what the readers say.
"""

from __future__ import annotations

# Folder: (formats that its files may be, how the column "version" of INDEX.tsv tells the version: a pattern with one group, or none).
SUPPORTED: dict[str, tuple[tuple[str, ...], str | None]] = {
    "artifact-registry/artifactory-build-info": (("artifactory-build-info",), None),
    "artifact-registry/docker-manifest-list": (("oci-image-index",), None),
    "artifact-registry/docker-manifest-v2s1": (("docker-manifest-v2s1",), None),
    "artifact-registry/docker-manifest-v2s2": (("oci-image-manifest",), None),
    "artifact-registry/ecr-describe-images": (("ecr-images",), None),
    "artifact-registry/helm-chart-yaml": (("helm-chart",), None),
    "artifact-registry/helm-index": (("helm-index",), None),
    "artifact-registry/oci-image-config": (("oci-image-config",), None),
    "artifact-registry/oci-image-index": (("oci-image-index",), None),
    "artifact-registry/oci-image-manifest": (("oci-image-manifest",), None),
    "artifact-registry/oci-layout": (("oci-layout",), r"(1\.0\.0)"),
    "artifact-registry/oci-tags-list": (("oci-tags-list",), None),
    "artifact-registry/skopeo-inspect": (("skopeo-inspect",), None),
    "canary/argo-analysisrun": (("argo-analysisrun",), r"argoproj\.io/(\w+)"),
    "canary/argo-experiment": (("argo-experiment",), r"argoproj\.io/(\w+)"),
    "canary/argo-rollout": (("argo-rollout",), r"argoproj\.io/(\w+)"),
    "canary/flagger-canary": (("flagger-canary",), r"flagger\.app/(\w+)"),
    "canary/kayenta-judgement": (("kayenta-execution", "kayenta-standalone", "kayenta-judge-result"), None),
    "ci/aws-codebuild-codepipeline-codedeploy": (("aws-codebuild", "aws-codepipeline"), None),
    "ci/azure-devops-build": (("azure-devops-build",), None),
    "ci/bitbucket-pipelines": (("bitbucket-pipeline",), None),
    "ci/buildkite-build": (("buildkite-build",), None),
    "ci/cdevents": (("cdevents",), r"(\d+\.\d+)\.\d+"),
    "ci/circleci-api": (("circleci-pipeline", "circleci-workflow", "circleci-job"), None),
    "ci/github-actions-job": (("github-actions-jobs",), None),
    "ci/github-actions-jobs": (("github-actions-jobs",), None),
    "ci/github-actions-run": (("github-actions-run",), None),
    "ci/github-actions-runs": (("github-actions-runs",), None),
    "ci/github-check-runs": (("github-check-runs",), None),
    "ci/gitlab-jobs": (("gitlab-jobs",), None),
    "ci/gitlab-pipelines": (("gitlab-pipeline",), None),
    "ci/jenkins-api": (("jenkins-build",), None),
    "ci/jenkins-wfapi": (("jenkins-wfapi",), None),
    "ci/tekton-pipelinerun": (("tekton-pipelinerun",), r"tekton\.dev/(\w+)"),
    "ci/tekton-taskrun": (("tekton-taskrun",), r"tekton\.dev/(\w+)"),
    "config-diff/dyff-output": (("dyff",), None),
    "config-diff/json-patch": (("json-patch",), None),
    "config-diff/terraform-plan-json": (("terraform-plan-json",), r"(\d+\.\d+)\|"),
    "config-diff/terraform-plan-text": (("terraform-plan-text",), None),
    "config-diff/unified-diff": (("unified-diff",), None),
    "incidents/cstate-issue": (("cstate-issue",), None),
    "incidents/opsgenie-incident": (("opsgenie-incident",), None),
    "incidents/pagerduty-incident": (("pagerduty-incident",), None),
    "incidents/postmortem-markdown": (("incident-note-markdown",), None),
    "load-tests/artillery-json": (("artillery-json",), r"v(\d)"),
    "load-tests/fortio-json": (("fortio-json",), None),
    "load-tests/jmeter-jtl-csv": (("jmeter-jtl-csv",), None),
    "load-tests/jmeter-jtl-xml": (("jmeter-jtl-xml",), r"(1\.2)"),
    "load-tests/jmeter-statistics-json": (("jmeter-statistics",), None),
    "load-tests/k6-summary": (("k6-summary",), r"(summary-export)"),
    "load-tests/locust-json": (("locust-json",), None),
    "load-tests/locust-stats-csv": (("locust-csv",), None),
    "policy/checkov-json": (("checkov-json",), None),
    "policy/conftest-json": (("conftest-json",), None),
    "policy/gatekeeper-constraint": (("gatekeeper-constraint",), r"constraints\.gatekeeper\.sh/(\w+)"),
    "policy/kics-json": (("kics-json",), None),
    "policy/kube-bench-json": (("kube-bench-json",), None),
    "policy/kubescape-json": (("kubescape-json",), None),
    "policy/polaris-json": (("polaris-json",), r"(1\.0)"),
    "policy/policyreport": (("policyreport",), r"wgpolicyk8s\.io/(\w+)"),
    "policy/scorecard-json": (("scorecard-json",), None),
    "provenance/cosign-simplesigning": (("cosign-simple-signing",), None),
    "provenance/dsse-envelope": (("dsse-envelope",), None),
    "provenance/gcb-provenance-describe": (("gcb-provenance",), None),
    "provenance/github-attestation-api": (("github-attestations",), None),
    "provenance/in-toto-layout": (("in-toto-layout",), None),
    "provenance/in-toto-link": (("in-toto-link",), None),
    "provenance/in-toto-statement": (("in-toto-statement",), r"(v[\d.]+)\|"),
    "provenance/npm-attestations": (("npm-attestations",), None),
    "provenance/pep740-attestation": (("pep740-attestation",), r"(1)"),
    "provenance/pep740-provenance": (("pep740-provenance",), r"(1)"),
    "provenance/sigstore-bundle": (("sigstore-bundle",), r"([\d.]+)\|"),
    "release-manifest/cargo-dist-manifest": (("cargo-dist-manifest",), None),
    "release-manifest/cnab-bundle": (("cnab-bundle",), r"v?([\d.]+)"),
    "release-manifest/eksd-release": (("eksd-release",), r"distro\.eks\.amazonaws\.com/(\w+)"),
    "release-manifest/github-release": (("github-release",), None),
    "release-manifest/github-release-webhook": (("github-release",), None),
    "release-manifest/gitlab-release": (("gitlab-release",), None),
    "release-manifest/goreleaser-artifacts": (("goreleaser-artifacts",), None),
    "release-manifest/goreleaser-metadata": (("goreleaser-metadata",), None),
    "release-manifest/konflux-release": (("konflux-snapshot",), r"appstudio\.redhat\.com/(\w+)"),
    "release-manifest/ocm-component-descriptor": (("ocm-component",), r"(v\w+)"),
    "release-manifest/olm-csv": (("olm-csv",), r"operators\.coreos\.com/(\w+)"),
    "release-manifest/release-please-manifest": (("release-please-manifest",), None),
    "runbooks/markdown-runbook": (("rollback-runbook-markdown",), None),
    "sbom/cyclonedx-json": (("cyclonedx-json", "cyclonedx-vex-json"), r"(\d\.\d)"),
    "sbom/cyclonedx-xml": (("cyclonedx-xml",), r"(\d\.\d|1[12])"),
    "sbom/spdx-json": (("spdx-json", "github-sbom"), r"SPDX-(\d\.\d)"),
    "sbom/spdx-tagvalue": (("spdx-tag-value",), r"SPDX-(\d\.\d)"),
    "sbom/spdx-xml": (("spdx-xml",), r"SPDX-(\d\.\d)"),
    "sbom/spdx3-jsonld": (("spdx3-json",), r"(3\.\d)\.\d"),
    "sbom/syft-json": (("syft-json",), r"(\d+)\.\d+\.\d+"),
    "service-catalogue/backstage-entity": (("backstage-catalog",), r"backstage\.io/(\w+)"),
    "service-catalogue/cortex-yaml": (("cortex",), None),
    "service-catalogue/datadog-service": (("datadog-service",), r"(v[\d.]+)"),
    "service-catalogue/opslevel-yml": (("opslevel",), r"(1)"),
    "test-reports/allure-result-json": (("allure-result",), None),
    "test-reports/azure-devops-testrun": (("azure-test-run", "azure-test-results"), None),
    "test-reports/boost-xml": (("boost-log-xml", "boost-report-xml"), None),
    "test-reports/ctrf-json": (("ctrf-json",), r"(\d+\.\d+\.\d+)\|"),
    "test-reports/go-test-json": (("go-test-json",), None),
    "test-reports/jest-json": (("jest-json",), None),
    "test-reports/junit-xml": (("junit-xml", "check-xml"), None),
    "test-reports/mocha-json": (("mocha-json",), None),
    "test-reports/cobertura-xml": (("cobertura-xml",), None),
    "test-reports/ctest-xml": (("ctest-xml",), None),
    "test-reports/nunit2-xml": (("nunit2-xml",), None),
    "test-reports/nunit3-xml": (("nunit3-xml",), None),
    "test-reports/open-test-reporting": (("open-test-reporting-events", "open-test-reporting-hierarchy"), r"/([\d.]+)"),
    "test-reports/testng-xml": (("testng-xml",), None),
    "test-reports/trx": (("trx",), r"(20\d\d)"),
    "test-reports/xunit2-xml": (("xunit-xml",), None),
    "vuln-scans/csaf": (("csaf-json",), r"(2\.\d)\|"),
    "vuln-scans/cyclonedx-vex": (("cyclonedx-vex-json",), r"(\d\.\d)"),
    "vuln-scans/gitlab-security-report": (("gitlab-security-report",), r"(\d+)\.\d"),
    "vuln-scans/grype-json": (("grype-json",), None),
    "vuln-scans/npm-audit-json": (("npm-audit", "npm-audit-1"), None),
    "vuln-scans/openvex": (("openvex-json",), r"v(\d\.\d\.\d)"),
    "vuln-scans/osv-scanner-json": (("osv-scanner-json",), None),
    "vuln-scans/sarif": (("sarif",), r"(\d\.\d(?:\.\d)?)\|"),
    "vuln-scans/semgrep-json": (("semgrep-json",), None),
    "vuln-scans/snyk-json": (("snyk-json",), None),
    "vuln-scans/trivy-json": (("trivy-json", "trivy-json-0"), r"schema-([12])"),
}

# Folders that hold several kinds of files: what each of these is, is said by the tests of its format, not here.
MIXED = ("ci/github-webhook", "ci/gitlab-webhook", "config-diff/doc-diff-fence", "provenance/sigstore-conformance-cases")

# Files in folders of no format that is read, which are of one all the same.
ELSEWHERE = {
    "canary/argo-analysistemplate/argoproj__argo-rollouts/test/kustomize/rollout/expected.yaml": "kubernetes-manifest",
    "policy/gatekeeper-constraint/open-policy-agent__gatekeeper/test/gator/test/fixtures/manifests/with-policies/no-violations.yaml": (
        "kubernetes-manifest"
    ),
}

# Objects that somebody asked for, without the status that says what came of it, are no evidence; INDEX.tsv says "spec" of them.
EVIDENCE_BY_STATUS = (
    *("canary/argo-analysisrun", "canary/argo-experiment", "canary/argo-rollout", "canary/flagger-canary"),
    *("ci/tekton-pipelinerun", "ci/tekton-taskrun", "policy/gatekeeper-constraint"),
)

_FENCES = "artifact-registry/oci-image-manifest/oras-project__oras/derived/fence/docs_proposals_formatted-output.md"
_OUTLINE = "open-component-model__ocm-spec/derived/fence/doc_04-extensions_03-storage-backends_oci.md"
_TASK = "ci/tekton-taskrun/tektoncd__cli/pkg/cmd/task/testdata/TestTaskStart_ExecuteCommand"
_DRY_RUNS = tuple(f"{version}-Dry_Run_with_output=json{end}" for version in ("", "_v1beta1") for end in ("", "_-f"))
_LINE = "azuredevops_go_api_timeline_records"
# Files that contradict their folder: they are of no format that is read, and nothing may know them.
NOT_OF_IT: dict[str, str] = {
    "artifact-registry/docker-manifest-list/oras-project__oras/derived/fence/docs_proposals_formatted-output.md.4.json": "proposed output",
    **{f"{_FENCES}.{number}.json": "proposed output of ORAS" for number in (2, 3)},
    "artifact-registry/ecr-describe-images/aws__aws-cli/derived/describe-repositories.0.json": "repositories, no images",
    "artifact-registry/ecr-describe-images/boto__botocore/derived/ecr-DescribeRepositories-describe-repositories-1470856017467.json": (
        "repositories, no images"
    ),
    "artifact-registry/helm-chart-yaml/malformed/helm__helm/pkg/cmd/testdata/testcharts/chart-bad-requirements/Chart.yaml": "no apiVersion",
    "artifact-registry/helm-chart-yaml/malformed/helm__helm/pkg/cmd/testdata/testcharts/chart-with-bad-subcharts/charts/bad-subchart/"
    "Chart.yaml": "no apiVersion, no version",
    f"artifact-registry/oci-image-index/{_OUTLINE}.3.json": "an outline: no schemaVersion",
    f"artifact-registry/oci-image-manifest/{_OUTLINE}.2.json": "an outline: no schemaVersion",
    "artifact-registry/oci-image-manifest/cnabio__cnab-spec/derived/fence/201-representing-CNAB-in-OCI.md.2.json": "layers is null",
    "artifact-registry/oci-image-manifest/opencontainers__image-spec/derived/fence/descriptor.md.3.json": "a descriptor",
    "ci/aws-codebuild-codepipeline-codedeploy/aws__aws-cli/derived/batch-get-deployments.0.json": "CodeDeploy",
    "ci/aws-codebuild-codepipeline-codedeploy/aws__aws-cli/derived/get-deployment.0.json": "CodeDeploy",
    **{f"ci/azure-devops-build/apache__incubator-devlake/derived/_raw_{_LINE}.row{row}.json": "a timeline record" for row in range(4)},
    **{
        f"ci/bitbucket-pipelines/apache__incubator-devlake/derived/_raw_bitbucket_api_deployments.row{row}.json": "a deployment"
        for row in (0, 1, 5, 12, 18, 19, 20, 21)
    },
    "ci/circleci-api/buildkite__docs/derived/fence/pages_pipelines_configure_tests_workflows_actions.md.1.json": "of Buildkite",
    "ci/gitlab-pipelines/gitlab4j__gitlab4j-api/gitlab4j-models/src/test/resources/org/gitlab4j/models/commit-status.json": (
        "a commit status"
    ),
    **{f"{_TASK}{name}.golden": "a dry run, which never began" for name in _DRY_RUNS},
    "ci/tekton-taskrun/tektoncd__pipeline/examples/v1/taskruns/no-ci/limitrange.yaml": "what somebody asked for",
    "incidents/postmortem-markdown/PagerDuty__postmortem-docs/docs/resources/examples.md": "a list of links",
    "incidents/postmortem-markdown/PagerDuty__postmortem-docs/docs/resources/post_mortem_template.md": "a template of HTML comments",
    "incidents/postmortem-markdown/kubernetes__test-infra/docs/post-mortems/README.md": "a list of links",
    "sbom/spdx-json/kubernetes-sigs__bom/pkg/spdx/testdata/external-references.spdx.json": "spdxVersion is empty",
    "sbom/spdx-json/malformed/guacsec__guac/internal/testing/testdata/exampledata/invalid-spdx.json": "spdxVersion is a number",
    "sbom/spdx3-jsonld/malformed/carabiner-dev__collector/predicate/spdx3/testdata/bad-graph.json": "the graph is a text",
    "sbom/spdx3-jsonld/spdx__spdx-java-v3jsonld-store/resources/spdx-model-v3.0.0.jsonld": "the ontology, no document",
    "sbom/spdx3-jsonld/spdx__spdx-java-v3jsonld-store/resources/spdx-model-v3.0.1.jsonld": "the ontology, no document",
    "sbom/spdx3-jsonld/spdx__spdx-spec/rdf/spdx-model.json-ld": "the ontology, no document",
    "test-reports/cobertura-xml/aws-solutions__instance-scheduler-on-aws/@3c70ae999d/source/coverage/clover.xml": "of Clover",
    "service-catalogue/datadog-service/DataDog__sdlc-gitops-sample-stack/static-analysis.datadog.yml": "rules of a static analysis",
    **{
        f"service-catalogue/opslevel-yml/OpsLevel__kubectl-opslevel/@{blob}/docs/example-opslevel-k8s.yaml": "settings of an import"
        for blob in ("4859ceca2e", "70b5775cec", "8606c1d034")
    },
}

# Files that are of their folder's format and are not recognised, and why. Those that cannot be parsed are told as such.
MISSED: dict[str, str] = {
    "ci/aws-codebuild-codepipeline-codedeploy/malformed/aws__aws-cli/derived/list-action-executions.0.json": "cut off",
    "config-diff/unified-diff/malformed/sourcegraph__go-diff/diff/testdata/sample_bad_hunks.diff": "hunks of no file",
    "provenance/dsse-envelope/malformed/carabiner-dev__collector/repository/jsonl/testdata/bad.jsonl": "a line is no JSON",
    "provenance/sigstore-bundle/carabiner-dev__collector/envelope/testdata/onebad.jsonl": "a line is no JSON",
    "runbooks/markdown-runbook/MdSaifulIslamMSI__Aura/docs/auth/rollback.md": "prose without steps: only a descriptor can say what it is",
    "test-reports/junit-xml/malformed/kubernetes__test-infra/kettle/testdata/malformed.xml": "no XML",
    "test-reports/junit-xml/malformed/mikepenz__action-junit-report/test_results/corrupt-junit/e2e-tests/corrupt/target/sf-reports/"
    "TEST-test.CorruptTest.xml": "cut off",
    "test-reports/junit-xml/malformed/mikepenz__action-junit-report/test_results/junit-web-test/expected.xml": "no XML",
    "test-reports/junit-xml/malformed/mikepenz__action-junit-report/test_results/junit-web-test/expectedRetries.xml": "no XML",
    "test-reports/trx/malformed/jenkinsci__mstest-plugin/src/test/resources/hudson/plugins/mstest/"
    "SYSTEM_AD-JENKINS 2015-07-08 10_53_01.trx": "a control character, which XML cannot hold",
    "vuln-scans/csaf/malformed/gocsaf__csaf/testdata/csaf-documents/trailing-garbage-data/avendor-advisory-0004.json": "rubbish at the end",
}
