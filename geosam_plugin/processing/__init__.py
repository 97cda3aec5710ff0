"""The Processing provider `geosam`: encoding, prompts in bulk, and what a cache holds."""
