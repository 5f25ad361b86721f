"""What the answers of a contractor's own suppliers come to: counted in SQL, shaped here.

Archived suppliers are out. Of answers, the ones handed in last count, however old they are.
"""
