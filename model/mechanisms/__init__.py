"""The versions of enclave pooling (飞地抱团) and their controls, a file each, found by being here."""
