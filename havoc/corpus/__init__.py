"""Raw text to clean, deduplicated, decontaminated shards, and token shards for training."""
