"""A whole fleet of tills in one process and one thread, driven by one seed: `python -m tests.simulate`.

What is real: the tills (their encrypted databases, their use cases), their daemons, every byte and signature
that travels.  What is simulated: the line, time, disks that fail, people, and (in the fast form) the centre.

    plan      what happens, drawn from the seed: a list of events, each with its own chance
    fleet     plays a plan, event after event
    station   one till with its daemon, and what we know that people did there
    home      a till's files: killed, torn, full, put back
    network   the line: loses, delays, doubles, overtakes
    people    what people do at a till
    centre    the model of a centre; `real_centre` the real one behind the same door
    checks    what must hold after every event
    auditor   what must hold at the end
    shrink    a failing plan made small
"""
