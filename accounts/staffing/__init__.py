"""Lists of staff: read, planned, shown, committed, undone.

    reading      bytes or pasted text -> Sheet (recognised cells only), or UnreadableList
    headings     what schools and their systems call the columns
    titles       what they call a job -> accounts.enums.JobRole
    cells        one cell -> a value, or what is wrong with it
    records      who and what is known already, read set-wise
    matching     whose line is whose: address first, then staff number within the employer
    planning     Sheet + records -> Plan; pure once the records are read
    drafting     the services that keep a StaffImport in preview
    committing   Plan -> rows, in one transaction; the plan is made again and must be the same
    undoing      rows -> as they were, but for those somebody has touched since

What `StaffImport` keeps:

`rows`     [["email", "given_name", …], [2, "tom@school.example", "Tom", …], …]: the fields that
           were recognised, then per line its number in the file and its cells as typed, cut to
           CELL_LIMIT signs. Columns that were not recognised are never kept. Empty once the list
           is committed or discarded.
`plan`     {"system": "SIMS", "recognised": [[heading, field], …], "ignored": [heading, …],
            "titles": {title: job role chosen by the person},
            "unknown": [{"title", "count", "lines"}, …], "digest": "…",
            "counts": {"joiners", "changes", "leavers", "unchanged", "errors", "ending", …},
            "employers": [{"id", "name", …counts, "in_post", "ending", "is_large"}, …],
            "joiners" | "changes" | "leavers": [{"name", "lines", "employer", "role", "email",
            "details": [sentence, …], "notes": [sentence, …]}, …],
            "errors": [{"line", "column", "value", "message"}, …]}.
           Names, addresses and cells leave it on commit: counts, titles and headings stay.
`changes`  {"people": [pk, …], "posts": [pk, …], "changed_people" | "changed_posts":
            [{"pk", "before": {field: value}, "after": {…}}, …], "last_history": n,
            "left": {"people": [pk], "posts": [pk]} (after undoing: what stayed)}.
           Values are JSON: dates as ISO text, hours as text.
"""
