"""Batches: an experiment file carried out run by run, so that nothing finished is ever lost."""
