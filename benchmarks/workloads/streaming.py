"""Segmentations larger than memory, written to a file as their pixels come."""

from workloads.workload import Workload

WORKLOADS: tuple[Workload, ...] = ()
