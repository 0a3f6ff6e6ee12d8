"""All workloads."""

from workloads import (
    annotations,
    derived,
    images,
    loading,
    reports,
    segmentations,
    slides,
    streaming,
    volumes,
)
from workloads.workload import Workload

SUBJECTS = (
    segmentations,
    slides,
    images,
    annotations,
    reports,
    derived,
    volumes,
    loading,
    streaming,
)


def all_workloads() -> dict[str, Workload]:
    """Workloads by module and name."""
    return {
        f"{subject.__name__.removeprefix('workloads.')}.{workload.name}": workload
        for subject in SUBJECTS
        for workload in subject.WORKLOADS
    }
