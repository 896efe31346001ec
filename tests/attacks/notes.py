"""Why the judges differ, case by case."""

NOTES = {}
