"""Workloads over the public interface, for this package and for highdicom 0.28.2 alike.

One module a subject. A module has its workloads as data in ``WORKLOADS``; those that
only one module needs as inputs stand there too, the others in ``inputs``.
"""
