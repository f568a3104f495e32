"""How much of an effect is due to each mechanism, or to each channel: exact Shapley shares over all subsets."""
