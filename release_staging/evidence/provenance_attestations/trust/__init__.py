"""Signatures made with a certificate's key, under the trust roots of policy. ``library`` alone imports ``sigstore``, and nothing imports
``library`` before it is needed."""
