"""Made-up secrets, put together at run time: the repository itself holds none."""

from __future__ import annotations

import base64
import random
import string

from release_staging.config.disclosure import DisclosureRules

KEY = b"a key for tests, of 32 bytes ..."
RULES = DisclosureRules(digest_key=KEY)

_random = random.Random(4)


def made_up(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_random.choice(alphabet) for _ in range(length))


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


PEM = "\n".join(["-----BEGIN RSA " + "PRIVATE KEY-----", *(made_up(64) for _ in range(12)), "-----END RSA " + "PRIVATE KEY-----"])

SECRETS = {
    "GitHub token": "ghp_" + made_up(36),
    "GitLab token": "glpat-" + made_up(20),
    "AWS key pair": f"aws_access_key_id=AKIA{made_up(16, string.ascii_uppercase + '234567')} aws_secret_access_key={made_up(40)}",
    "Slack token": f"xoxb-{made_up(12, string.digits)}-{made_up(12, string.digits)}-{made_up(24)}",
    "Stripe key": "sk_" + "live_" + made_up(24),
    "Google key": "AIza" + made_up(35),
    "npm token": "npm_" + made_up(36),
    "JSON Web Token": ".".join((_part(b'{"alg":"HS256","typ":"JWT"}'), _part(b'{"sub":"1234567890","iat":1516239022}'), made_up(43))),
    "private key": PEM,
    "URL with a password": f"postgres://billing:{made_up(14)}@db.example.com:5432/x",
    "password in an environment file": f"DB_PASSWORD={made_up(11)}7",
    "password in YAML": f"password: {made_up(10)}1",
    "API key in code": f'api_key = "{made_up(32)}"',
    "client secret": f"client_secret={made_up(32)}",
    "bearer token": f"Authorization: Bearer {made_up(40)}",
    "option of a command line": f"mysql --password {made_up(12)}9 -h db",
    "storage account key": f"AccountKey={made_up(86)}==",
}
