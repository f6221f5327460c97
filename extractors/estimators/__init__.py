"""What was fitted by scikit-learn, worked out from plain arrays: linear models of text, boosted trees, calibration."""
