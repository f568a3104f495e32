"""Calibration: parameters that published figures speak of, found by simulated moments and by history matching."""
