"""Words of the office's commands that stand apart from their bodies, until they are one."""
