"""The peak activation memory of a network under named schedules (section 5.1).

    mnv2 memory

`measure`: arithmetic on the Plan. `view`: a table and a timeline.
"""
