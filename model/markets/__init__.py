"""The markets for quota and for factory floor."""
