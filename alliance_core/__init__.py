"""Working-alliance ratings for clinical supervision."""
