"""What a shop loses to each kind of fault, as one table: `python -m tests.losses`.

The faults are those of other worlds: the simulator's fleets (`tests.simulate`), the crash points of a till's
disk (`tests.crash_points`), and a till's files damaged by hand (`damaged_files`).  Here they are counted
alike.
"""
