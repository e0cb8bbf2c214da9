"""What reviewers say of a hold (findings), and what the downstream review says of a record (receipts). Never of the release."""
