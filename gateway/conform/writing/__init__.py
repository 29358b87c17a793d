"""What holds of writing: what is made is there, what is wrong is refused, what is removed is gone.

Tried only where objects can be removed again.
"""
