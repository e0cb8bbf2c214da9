"""Readers of policy_checks: policy engine results."""
