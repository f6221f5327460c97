"""Models fitted with scikit-learn, evaluated on plain arrays: linear text models, boosted trees, calibration."""
