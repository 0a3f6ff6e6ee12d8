"""Geometry: numbers in, numbers out, in millimetres.

Affine matrices, directions, order and spacing of slices, tiles of total pixel matrices,
and the place of the frames of an image in its frame of reference.
"""

from highdicom.spatial.affine import (
    convert_affine_to_convention,
    create_affine_matrix_from_attributes,
    create_affine_matrix_from_components,
    map_coordinate_into_pixel_matrix,
    map_pixel_into_coordinate_system,
)
from highdicom.spatial.between_images import (
    ImageToImageTransformer,
    PixelToPixelTransformer,
)
from highdicom.spatial.dataset import get_image_coordinate_system, is_tiled_image
from highdicom.spatial.from_reference import (
    ReferenceToImageTransformer,
    ReferenceToPixelTransformer,
)
from highdicom.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    PATIENT_ORIENTATION_OPPOSITES,
    RAS_PATIENT_REFERENCE_CONVENTION,
    VOLUME_INDEX_CONVENTION,
    are_points_coplanar,
    create_rotation_matrix,
    get_closest_patient_orientation,
    get_normal_vector,
    rotation_for_patient_orientation,
)
from highdicom.spatial.series import (
    get_dataset_sort_index,
    get_series_volume_positions,
    sort_datasets,
)
from highdicom.spatial.stacking import get_plane_sort_index, get_volume_positions
from highdicom.spatial.tiled_full import iter_tiled_full_frame_data
from highdicom.spatial.tiling import (
    compute_tile_positions_per_frame,
    get_tile_array,
    tile_pixel_matrix,
)
from highdicom.spatial.to_reference import (
    ImageToReferenceTransformer,
    PixelToReferenceTransformer,
)

__all__ = [
    "LPS_PATIENT_REFERENCE_CONVENTION",
    "PATIENT_ORIENTATION_OPPOSITES",
    "RAS_PATIENT_REFERENCE_CONVENTION",
    "VOLUME_INDEX_CONVENTION",
    "ImageToImageTransformer",
    "ImageToReferenceTransformer",
    "PixelToPixelTransformer",
    "PixelToReferenceTransformer",
    "ReferenceToImageTransformer",
    "ReferenceToPixelTransformer",
    "are_points_coplanar",
    "compute_tile_positions_per_frame",
    "convert_affine_to_convention",
    "create_affine_matrix_from_attributes",
    "create_affine_matrix_from_components",
    "create_rotation_matrix",
    "get_closest_patient_orientation",
    "get_dataset_sort_index",
    "get_image_coordinate_system",
    "get_normal_vector",
    "get_plane_sort_index",
    "get_series_volume_positions",
    "get_tile_array",
    "get_volume_positions",
    "is_tiled_image",
    "iter_tiled_full_frame_data",
    "map_coordinate_into_pixel_matrix",
    "map_pixel_into_coordinate_system",
    "rotation_for_patient_orientation",
    "sort_datasets",
    "tile_pixel_matrix",
]
