"""Geometry: numbers in, numbers out, in millimetres.

Affine matrices, directions, order and spacing of slices, tiles of total pixel matrices,
and the place of the frames of an image in its frame of reference.
"""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.spatial.affine import (
        convert_affine_to_convention as convert_affine_to_convention,
        create_affine_matrix_from_attributes as create_affine_matrix_from_attributes,
        create_affine_matrix_from_components as create_affine_matrix_from_components,
        map_coordinate_into_pixel_matrix as map_coordinate_into_pixel_matrix,
        map_pixel_into_coordinate_system as map_pixel_into_coordinate_system,
    )
    from highdicom.spatial.between_images import (
        ImageToImageTransformer as ImageToImageTransformer,
        PixelToPixelTransformer as PixelToPixelTransformer,
    )
    from highdicom.spatial.from_reference import (
        ReferenceToImageTransformer as ReferenceToImageTransformer,
        ReferenceToPixelTransformer as ReferenceToPixelTransformer,
    )
    from highdicom.spatial.kind import (
        get_image_coordinate_system as get_image_coordinate_system,
        is_tiled_image as is_tiled_image,
    )
    from highdicom.spatial.orientation import (
        LPS_PATIENT_REFERENCE_CONVENTION as LPS_PATIENT_REFERENCE_CONVENTION,
        PATIENT_ORIENTATION_OPPOSITES as PATIENT_ORIENTATION_OPPOSITES,
        RAS_PATIENT_REFERENCE_CONVENTION as RAS_PATIENT_REFERENCE_CONVENTION,
        VOLUME_INDEX_CONVENTION as VOLUME_INDEX_CONVENTION,
        are_points_coplanar as are_points_coplanar,
        create_rotation_matrix as create_rotation_matrix,
        get_closest_patient_orientation as get_closest_patient_orientation,
        get_normal_vector as get_normal_vector,
        rotation_for_patient_orientation as rotation_for_patient_orientation,
    )
    from highdicom.spatial.series import (
        get_dataset_sort_index as get_dataset_sort_index,
        get_series_volume_positions as get_series_volume_positions,
        sort_datasets as sort_datasets,
    )
    from highdicom.spatial.stacking import (
        get_plane_sort_index as get_plane_sort_index,
        get_volume_positions as get_volume_positions,
    )
    from highdicom.spatial.tiled_full import (
        iter_tiled_full_frame_data as iter_tiled_full_frame_data,
    )
    from highdicom.spatial.tiling import (
        compute_tile_positions_per_frame as compute_tile_positions_per_frame,
        get_tile_array as get_tile_array,
        tile_pixel_matrix as tile_pixel_matrix,
    )
    from highdicom.spatial.to_reference import (
        ImageToReferenceTransformer as ImageToReferenceTransformer,
        PixelToReferenceTransformer as PixelToReferenceTransformer,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.spatial.affine": (
                "convert_affine_to_convention",
                "create_affine_matrix_from_attributes",
                "create_affine_matrix_from_components",
                "map_coordinate_into_pixel_matrix",
                "map_pixel_into_coordinate_system",
            ),
            "highdicom.spatial.between_images": (
                "ImageToImageTransformer",
                "PixelToPixelTransformer",
            ),
            "highdicom.spatial.from_reference": (
                "ReferenceToImageTransformer",
                "ReferenceToPixelTransformer",
            ),
            "highdicom.spatial.kind": (
                "get_image_coordinate_system",
                "is_tiled_image",
            ),
            "highdicom.spatial.orientation": (
                "LPS_PATIENT_REFERENCE_CONVENTION",
                "PATIENT_ORIENTATION_OPPOSITES",
                "RAS_PATIENT_REFERENCE_CONVENTION",
                "VOLUME_INDEX_CONVENTION",
                "are_points_coplanar",
                "create_rotation_matrix",
                "get_closest_patient_orientation",
                "get_normal_vector",
                "rotation_for_patient_orientation",
            ),
            "highdicom.spatial.series": (
                "get_dataset_sort_index",
                "get_series_volume_positions",
                "sort_datasets",
            ),
            "highdicom.spatial.stacking": (
                "get_plane_sort_index",
                "get_volume_positions",
            ),
            "highdicom.spatial.tiled_full": ("iter_tiled_full_frame_data",),
            "highdicom.spatial.tiling": (
                "compute_tile_positions_per_frame",
                "get_tile_array",
                "tile_pixel_matrix",
            ),
            "highdicom.spatial.to_reference": (
                "ImageToReferenceTransformer",
                "PixelToReferenceTransformer",
            ),
        },
    )
