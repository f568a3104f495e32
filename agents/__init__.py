"""Who acts: what each kind of agent holds and how it decides."""
