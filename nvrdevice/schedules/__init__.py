"""Schedules: named week windows."""
